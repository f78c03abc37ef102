package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OfflineCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private final Stop stop = new Stop();
  private Path base;
  private Path fineTuned;

  @BeforeEach
  void writeWeights() throws IOException {
    base = WeightsFile.write(directory.resolve("base.safetensors"), 1);
    fineTuned = WeightsFile.write(directory.resolve("tuned.safetensors"), 2);
  }

  @Test
  void shouldReportWhatWasMadeWhenCompressing() throws IOException {
    // Given
    Path out = directory.resolve("delta.safetensors");

    // When
    CommandRun run = compress(out, "--prune-rate", "0.9", "--json");

    // Then
    JsonNode report = json(run);
    assertThat(run.err()).isEmpty();
    assertThat(fieldNames(report))
        .containsExactly(
            "artifact",
            "artifactDigest",
            "parentDigest",
            "fineTunedDigest",
            "method",
            "pruneRate",
            "rescale",
            "tensorRescale",
            "seed",
            "values",
            "shards",
            "prunedTensors",
            "wholeTensors",
            "unchangedTensors",
            "parameters",
            "keptValues",
            "denseBytes",
            "artifactBytes",
            "ratio",
            "statistics",
            "seconds");
    assertThat(report.path("parentDigest").textValue()).isEqualTo(digest(base));
    assertThat(report.path("fineTunedDigest").textValue()).isEqualTo(digest(fineTuned));
    assertThat(report.path("prunedTensors").intValue()).isEqualTo(1);
    assertThat(report.path("unchangedTensors").intValue()).isEqualTo(1);
    assertThat(report.path("artifactBytes").longValue()).isEqualTo(Files.size(out));
    assertThat(report.path("rescale").doubleValue()).isEqualTo(1 - 0.9);
  }

  @Test
  void shouldMakeTheSameBytesWhenTheDerivedSeedIsGiven() throws IOException {
    // Given
    Path derived = directory.resolve("derived.safetensors");
    Path given = directory.resolve("given.safetensors");
    String seed = json(compress(derived, "--json")).path("seed").asText();

    // When
    CommandRun run = compress(given, "--seed", seed);

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(given).hasSameBinaryContentAs(derived);
  }

  @Test
  void shouldDeriveAnotherSeedWhenTheTenantIsAnother() throws IOException {
    // Given
    JsonNode own = json(compress(directory.resolve("a.safetensors"), "--json"));

    // When
    CommandRun run = compress(directory.resolve("b.safetensors"), "--tenant", "support", "--json");

    // Then
    assertThat(json(run).path("seed").longValue()).isNotEqualTo(own.path("seed").longValue());
  }

  @ParameterizedTest
  @CsvSource({"dare, exact", "darex-q, bf16", "magnitude, f16", "dare, int8", "darex-q, int4"})
  void shouldGiveBackTheBaseWhenTheUndoFileIsApplied(String method, String values)
      throws IOException {
    // Given
    Path delta = directory.resolve("delta");
    Path result = directory.resolve("result.safetensors");
    Path undo = directory.resolve("undo.safetensors");
    Path restored = directory.resolve("restored.safetensors");
    compress(delta, "--method", method, "--values", values, "--rescale", "0.2");
    run("apply", "--base", base, "--delta", delta, "--out", result, "--undo-out", undo);

    // When
    CommandRun run = run("apply", "--base", result, "--delta", undo, "--out", restored, "--json");

    // Then
    assertThat(json(run).path("resultDigest").textValue()).isEqualTo(digest(base));
  }

  @Test
  void shouldGiveBackTheBaseWhenAnExactArtifactIsAppliedTwice() throws IOException {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    Path result = directory.resolve("result.safetensors");
    compress(delta);
    run("apply", "--base", base, "--delta", delta, "--out", result);

    // When
    CommandRun run =
        run(
            "apply",
            "--base",
            result,
            "--delta",
            delta,
            "--out",
            directory.resolve("back"),
            "--json");

    // Then
    assertThat(json(run).path("direction").textValue()).isEqualTo("undone");
    assertThat(json(run).path("resultDigest").textValue()).isEqualTo(digest(base));
  }

  @Test
  void shouldPromiseWhatApplyGivesWhenVerifying() throws IOException {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    Path result = directory.resolve("result.safetensors");
    compress(delta);
    run("apply", "--base", base, "--delta", delta, "--out", result);

    // When
    CommandRun run = run("verify", "--base", base, "--delta", delta, "--json");

    // Then
    assertThat(json(run).path("verified").booleanValue()).isTrue();
    assertThat(json(run).path("resultDigest").textValue()).isEqualTo(digest(result));
  }

  @Test
  void shouldWriteTheResultOfApplyWhenExportingACheckpoint() throws IOException {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    Path result = directory.resolve("result.safetensors");
    compress(delta);
    run("apply", "--base", base, "--delta", delta, "--out", result);

    // When
    CommandRun run = export(delta, "checkpoint", directory.resolve("exported"), "--json");

    // Then
    assertThat(json(run).path("resultDigest").textValue()).isEqualTo(digest(result));
  }

  @ParameterizedTest
  @CsvSource({"patch.safetensors, patch.safetensors", "patch, patch/overwrite-patch.safetensors"})
  void shouldWriteOneFileWhenExportingAnOverwritePatch(String out, String file) throws IOException {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    compress(delta);

    // When
    CommandRun run = export(delta, "overwrite-patch", directory.resolve(out), "--json");

    // Then
    assertThat(json(run).path("out").textValue()).isEqualTo(directory.resolve(file).toString());
    try (Checkpoint patch = Checkpoints.open(directory.resolve(file))) {
      assertThat(patch.tensors()).containsOnlyKeys("layer.weight.idx", "layer.weight.val");
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenAnExportFails() {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    Path out = directory.resolve("patch");
    compress(delta);
    stop.request(130);

    // When
    CommandRun run = export(delta, "overwrite-patch", out);

    // Then
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"disk-delta, not in this release", "gguf, unknown"})
  void shouldSayWhichFormatsThereAreWhenAskedForAnother(String format, String why) {
    // When
    CommandRun run = export(directory.resolve("delta"), format, directory.resolve("out"));

    // Then
    assertThat(run)
        .isEqualTo(
            usage(
                "--format %s is %s: use overwrite-patch, checkpoint, peft-lora or delta"
                    .formatted(format, why)));
  }

  @Test
  void shouldSayWhyAFullDeltaIsNoAdapter() {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    Path out = directory.resolve("adapter");
    compress(delta);

    // When
    CommandRun run = export(delta, "peft-lora", out);

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                3,
                "",
                "deltapress: %s: is the delta of whole weights, which no adapter of low rank can express; export it as overwrite-patch or checkpoint, or compress an adapter with --lora factors%n"
                    .formatted(delta)));
    assertThat(out).doesNotExist();
  }

  @Test
  void shouldEndWithIntegrityMismatchWhenTheBaseIsAnother() {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    Path out = directory.resolve("out.safetensors");
    compress(delta);

    // When
    CommandRun run = run("apply", "--base", fineTuned, "--delta", delta, "--out", out);

    // Then
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith(
            "deltapress: %s: tensor 'layer.weight': is not that of the artifact's parent"
                .formatted(fineTuned))
        .hasLineCount(1);
    assertThat(out).doesNotExist();
  }

  @Test
  void shouldEndWithIntegrityMismatchWhenTheArtifactIsDamaged() throws IOException {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    compress(delta);
    byte[] bytes = Files.readAllBytes(delta);
    bytes[bytes.length - 1] ^= 1;
    Files.write(delta, bytes);

    // When
    CommandRun run = run("verify", "--base", base, "--delta", delta);

    // Then
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).startsWith("deltapress: " + delta + ": ").hasLineCount(1);
  }

  @Test
  void shouldEndWithBadInputWhenTheFineTuneIsNoSafetensorsFile() throws IOException {
    // Given
    Files.writeString(fineTuned, "no weights");
    Path out = directory.resolve("delta.safetensors");

    // When
    CommandRun run = compress(out);

    // Then
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).startsWith("deltapress: " + fineTuned + ": ").hasLineCount(1);
    assertThat(out).doesNotExist();
  }

  @Test
  void shouldEndWithBadInputWhenAPathIsMissing() {
    // Given
    Path missing = directory.resolve("missing");

    // When
    CommandRun run = run("inspect", missing);

    // Then
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).startsWith("deltapress: " + missing + ": ").hasLineCount(1);
  }

  @Test
  void shouldKeepWhatIsThereWhenNotToldToReplaceIt() throws IOException {
    // Given
    Path out = Files.writeString(directory.resolve("delta.safetensors"), "precious");

    // When
    CommandRun run = compress(out);

    // Then
    assertThat(run)
        .isEqualTo(
            usage(out + " exists already: choose another --out, or replace it with --overwrite"));
    assertThat(out).hasContent("precious");
  }

  @Test
  void shouldKeepTheUndoFileThatIsThereWhenNotToldToReplaceIt() throws IOException {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    Path undo = Files.writeString(directory.resolve("undo.safetensors"), "precious");
    compress(delta);

    // When
    CommandRun run =
        run(
            "apply",
            "--base",
            base,
            "--delta",
            delta,
            "--out",
            directory.resolve("result"),
            "--undo-out",
            undo);

    // Then
    assertThat(run)
        .isEqualTo(
            usage(
                undo
                    + " exists already: choose another --undo-out, or replace it with"
                    + " --overwrite"));
    assertThat(undo).hasContent("precious");
  }

  @ParameterizedTest
  @ValueSource(strings = {"both.safetensors", "./sub/../both.safetensors", "both.safetensors/undo"})
  void shouldRefuseUndoFileWhenTheResultWouldReplaceIt(String undo) throws IOException {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    compress(delta);

    // When
    CommandRun run =
        run(
            "apply",
            "--base",
            base,
            "--delta",
            delta,
            "--out",
            directory.resolve("both.safetensors"),
            "--undo-out",
            directory.resolve(undo));

    // Then
    assertThat(run)
        .isEqualTo(
            usage(
                "--undo-out "
                    + directory.resolve(undo)
                    + " is --out or lies in it: write to another path"));
    assertThat(directory.resolve("both.safetensors")).doesNotExist();
  }

  @Test
  void shouldKeepTheInputWhenItIsNamedAsTheOutput() throws IOException {
    // Given
    String before = digest(fineTuned);

    // When
    CommandRun run = compress(fineTuned, "--overwrite");

    // Then
    assertThat(run).isEqualTo(usage(fineTuned + " is an input too: write to another path"));
    assertThat(digest(fineTuned)).isEqualTo(before);
  }

  @Test
  void shouldReplaceADirectoryWhenToldTo() throws IOException {
    // Given
    Path out = directory.resolve("delta");
    compress(out);

    // When
    CommandRun run = compress(out, "--overwrite", "--shard-bytes", "1");

    // Then
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(fileNames(out))
        .containsExactly(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json");
    assertThat(fileNames(directory)).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void shouldNotReplaceADirectoryWhenItHoldsSomethingElse() throws IOException {
    // Given
    Path out = Files.createDirectory(directory.resolve("home"));
    Path diary = Files.writeString(out.resolve("diary.txt"), "precious");

    // When
    CommandRun run = compress(out, "--overwrite");

    // Then
    assertThat(run)
        .isEqualTo(
            usage(
                out + " holds no .safetensors file, so it is not replaced: choose another --out"));
    assertThat(diary).hasContent("precious");
  }

  @ParameterizedTest
  @ValueSource(strings = {"delta.safetensors", "delta"})
  void shouldLeaveNothingBehindWhenStoppedInTheMiddle(String name) throws IOException {
    // Given
    stop.request(143);

    // When
    CommandRun run = compress(directory.resolve(name), "--seed", "1");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                143,
                "",
                "deltapress: stopped before the end; nothing was left half-written"
                    + System.lineSeparator()));
    assertThat(fileNames(directory)).containsExactly("base.safetensors", "tuned.safetensors");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method mean | --method mean is unknown: use dare, darex-q, magnitude, wanda, structural"
            + " or auto",
        "--method darex-q | --method darex-q needs --rescale Q, or --calibration FILE to search it"
            + " on",
        "--method structural | --method structural needs --rescale Q, or --calibration FILE to"
            + " search it on",
        "--method wanda | --method wanda needs --calibration FILE with text of the kind the model"
            + " will see",
        "--method auto | --method auto needs --calibration FILE with text of the kind the model"
            + " will see",
        "--method auto --calibration c --rescale 2 | --method auto chooses its own q: leave"
            + " --rescale out",
        "--rescale shaped | --rescale shaped searches q, which --method dare does not take: use"
            + " --method darex-q",
        "--method darex-q --rescale shaped | --rescale shaped needs --calibration FILE with text of"
            + " the kind the model will see",
        "--method darex-q --rescale gradient --validation v | --rescale gradient needs"
            + " --calibration FILE",
        "--calibration c | --calibration and --validation are of no use here: --rescale gives q, or"
            + " --method dare has its own",
        "--rescale much | --rescale much is neither a number nor output-change, validation,"
            + " analytic, shaped or gradient",
        "--rescale 0 | rescale factor 0.0 is not a positive number within the range of binary32",
        "--prune-rate 1.5 | prune rate 1.5 is not between 0 and 1",
        "--values int3 | --values int3 is unknown: use exact, bf16, f16, int8 or int4",
        "--shard-bytes 0 | --shard-bytes 0 is not positive"
      })
  void shouldSayWhatIsOnOfferWhenAnOptionIsNot(String options, String line) {
    // When
    CommandRun run = compress(directory.resolve("delta"), options.strip().split(" ", -1));

    // Then
    assertThat(run).isEqualTo(usage(line));
  }

  @Test
  void shouldTellArtifactsFromCheckpointsWhenInspecting() throws IOException {
    // Given
    Path delta = directory.resolve("delta");
    compress(delta);

    // When
    CommandRun artifact = run("inspect", delta, "--json", "--tensors");
    CommandRun checkpoint = run("inspect", base, "--json", "--digest");

    // Then
    assertThat(json(artifact).path("kind").textValue()).isEqualTo("artifact");
    assertThat(json(artifact).path("tensors")).hasSize(1);
    assertThat(json(checkpoint).path("kind").textValue()).isEqualTo("checkpoint");
    assertThat(json(checkpoint).path("weightsDigest").textValue()).isEqualTo(digest(base));
    assertThat(json(checkpoint).path("parametersByType").path("BF16").longValue())
        .isEqualTo((long) WeightsFile.COLUMNS * (WeightsFile.ROWS + 1));
  }

  private CommandRun compress(Path out, String... options) {
    List<Object> arguments =
        new ArrayList<>(
            List.of("compress", "--base", base, "--fine-tuned", fineTuned, "--out", out));
    arguments.addAll(List.of(options));
    return run(arguments.toArray());
  }

  private CommandRun export(Path delta, String format, Path out, String... options) {
    List<Object> arguments =
        new ArrayList<>(
            List.of("export", "--base", base, "--delta", delta, "--format", format, "--out", out));
    arguments.addAll(List.of(options));
    return run(arguments.toArray());
  }

  private CommandRun run(Object... arguments) {
    String cache = directory.resolveSibling(directory.getFileName() + "-cache").toString();
    return CommandRun.of(
        Map.of("DELTAPRESS_CACHE", cache),
        stop,
        Stream.of(arguments).map(Object::toString).toArray(String[]::new));
  }

  private static CommandRun usage(String line) {
    return new CommandRun(2, "", "deltapress: " + line + System.lineSeparator());
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private static List<String> fieldNames(JsonNode document) {
    List<String> names = new ArrayList<>();
    document.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> fileNames(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  private String digest(Path checkpoint) throws IOException {
    try (Checkpoint opened = Checkpoints.open(checkpoint)) {
      return new DigestCache(directory.resolve("cache"))
          .weightsDigest(opened, ProgressListener.none())
          .hex();
    }
  }
}
