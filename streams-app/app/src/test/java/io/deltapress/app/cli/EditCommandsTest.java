package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.lora.FineTunes;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code apply}, {@code verify}, {@code export} and {@code inspect} of edits. */
class EditCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private Path base;
  private Path delta;
  private Path foundation;
  private Path paris;
  private Path rome;

  @BeforeEach
  void write() throws IOException {
    base = WeightsFile.write(path("base.safetensors"), 1);
    Path fineTuned = WeightsFile.write(path("tuned.safetensors"), 2);
    delta = path("delta.safetensors");
    foundation = path("foundation.safetensors");
    run("compress", "--base", base, "--fine-tuned", fineTuned, "--out", delta);
    run("apply", "--base", base, "--delta", delta, "--out", foundation);
    paris = EditFiles.write(path("paris.safetensors"), foundation, "paris", 1);
    rome = EditFiles.write(path("rome.safetensors"), foundation, "rome", 2);
  }

  @Test
  void shouldPutEditsOnBaseAndDelta() throws IOException {
    // Given
    Path direct = path("direct.safetensors");
    Path out = path("out.safetensors");
    run("apply", "--base", foundation, "--edit", paris, "--edit", rome, "--out", direct);

    // When
    CommandRun run =
        run(
            "apply", "--base", base, "--delta", delta, "--edit", paris, "--edit", rome, "--out",
            out, "--json");

    // Then
    JsonNode document = json(run);
    assertThat(fieldNames(document))
        .containsExactly(
            "result",
            "resultDigest",
            "foundationDigest",
            "edits",
            "editedWeights",
            "resultBytes",
            "seconds");
    assertThat(document.path("foundationDigest").textValue()).isEqualTo(digest(foundation));
    assertThat(document.path("resultDigest").textValue())
        .isEqualTo(digest(out))
        .isEqualTo(digest(direct))
        .isNotEqualTo(digest(foundation));
    assertThat(document.path("edits").toString()).isEqualTo("[\"paris\",\"rome\"]");
  }

  @Test
  void shouldTakeTheEditsOfADirectoryInTheOrderOfTheirNames() throws IOException {
    // Given
    Path edits = Files.createDirectory(path("edits"));
    Files.copy(rome, edits.resolve("000001-rome.safetensors"));
    Files.copy(paris, edits.resolve("000002-paris.safetensors"));
    Files.writeString(edits.resolve("README"), "not looked at");

    // When
    CommandRun run =
        run(
            "apply",
            "--base",
            foundation,
            "--edit",
            edits,
            "--out",
            path("out.safetensors"),
            "--json");

    // Then
    assertThat(json(run).path("edits").toString()).isEqualTo("[\"rome\",\"paris\"]");
  }

  @Test
  void shouldVerifyEditsWithoutWriting() throws IOException {
    // Given
    run("apply", "--base", foundation, "--edit", paris, "--out", path("out.safetensors"));

    // When
    CommandRun run = run("verify", "--base", base, "--delta", delta, "--edit", paris, "--json");

    // Then
    assertThat(json(run).has("result")).isFalse();
    assertThat(json(run).path("resultDigest").textValue())
        .isEqualTo(digest(path("out.safetensors")));
  }

  @Test
  void shouldEndWithIntegrityWhenAnEditIsOfAnotherFoundation() {
    // When
    CommandRun run =
        run("apply", "--base", base, "--edit", paris, "--out", path("out.safetensors"));

    // Then
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .startsWith(
            "deltapress: "
                + base
                + ": tensor 'layer.weight': is not that of the edits' foundation, which has the"
                + " weights digest ")
        .hasLineCount(1);
    assertThat(path("out.safetensors")).doesNotExist();
  }

  @Test
  void shouldEndWithIntegrityWhenAnEditIsDamaged() throws IOException {
    // Given
    byte[] bytes = Files.readAllBytes(paris);
    bytes[bytes.length - 1] ^= 1;
    Files.write(paris, bytes);

    // When
    CommandRun run = run("inspect", paris);

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                4,
                "",
                "deltapress: "
                    + paris
                    + ": the file was damaged or changed after it was made; fetch it again"
                    + System.lineSeparator()));
  }

  @Test
  void shouldExportAnAdapterThatMergesIntoTheSameWeights() throws IOException {
    // Given
    Path adapter = path("adapter");
    run(
        "apply",
        "--base",
        foundation,
        "--edit",
        paris,
        "--edit",
        rome,
        "--out",
        path("out.safetensors"));

    // When
    CommandRun run =
        run(
            "export",
            "--base",
            base,
            "--delta",
            delta,
            "--edit",
            paris,
            "--edit",
            rome,
            "--format",
            "peft-lora",
            "--out",
            adapter,
            "--json");

    // Then
    assertThat(json(run).path("format").textValue()).isEqualTo("peft-lora");
    try (Checkpoint opened = Checkpoints.open(foundation);
        Checkpoint merged = FineTunes.open(opened, adapter)) {
      assertThat(cache().weightsDigest(merged, ProgressListener.none()).hex())
          .isEqualTo(digest(path("out.safetensors")));
    }
  }

  @Test
  void shouldFoldEditsIntoADeltaOfTheBase() throws IOException {
    // Given
    Path folded = path("folded.safetensors");
    run("apply", "--base", foundation, "--edit", paris, "--out", path("out.safetensors"));

    // When
    CommandRun run =
        run(
            "export",
            "--base",
            base,
            "--delta",
            delta,
            "--edit",
            paris,
            "--format",
            "delta",
            "--out",
            folded,
            "--json");

    // Then
    run("apply", "--base", base, "--delta", folded, "--out", path("squashed.safetensors"));
    assertThat(json(run).path("resultDigest").textValue())
        .isEqualTo(digest(path("out.safetensors")))
        .isEqualTo(digest(path("squashed.safetensors")));
  }

  @Test
  void shouldExportAPatchOfTheFoundation() throws IOException {
    // When
    CommandRun run =
        run(
            "export",
            "--base",
            base,
            "--delta",
            delta,
            "--edit",
            paris,
            "--format",
            "overwrite-patch",
            "--out",
            path("patch"),
            "--json");

    // Then
    Path patch = path("patch").resolve("overwrite-patch.safetensors");
    assertThat(json(run).path("changedTensors").intValue()).isEqualTo(1);
    try (Checkpoint opened = Checkpoints.open(patch)) {
      assertThat(opened.metadata()).containsEntry("parent", digest(foundation));
    }
  }

  @Test
  void shouldSayWhatAnEditIs() throws IOException {
    // When
    CommandRun run = run("inspect", paris, "--json");

    // Then
    JsonNode document = json(run);
    assertThat(document.path("kind").textValue()).isEqualTo("edit");
    assertThat(document.path("edit").textValue()).isEqualTo("paris");
    assertThat(document.path("method").textValue()).isEqualTo("mend");
    assertThat(document.path("parentDigest").textValue()).isEqualTo(digest(foundation));
    assertThat(document.path("artifactBytes").longValue()).isEqualTo(Files.size(paris));
    assertThat(document.path("norm").doubleValue()).isPositive();
    assertThat(document.path("weights").path(0).path("rank").intValue()).isEqualTo(2);
    assertThat(run("inspect", paris).out())
        .containsPattern("edit +paris")
        .containsPattern("layer.weight +BF16 +\\[64, 48] +out-in +2 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"apply", "verify", "export"})
  void shouldAskForADeltaOrAnEditWhenThereIsNeither(String command) {
    // Given
    List<Object> arguments =
        switch (command) {
          case "verify" -> List.of("verify", "--base", base);
          case "apply" -> List.of("apply", "--base", base, "--out", path("out"));
          default ->
              List.of("export", "--base", base, "--format", "checkpoint", "--out", path("out"));
        };

    // When
    CommandRun run = run(arguments.toArray());

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("say what to apply: --delta, --edit or both");
  }

  @Test
  void shouldRefuseToUndoEdits() {
    // When
    CommandRun run =
        run(
            "apply",
            "--base",
            foundation,
            "--edit",
            paris,
            "--out",
            path("out.safetensors"),
            "--undo-out",
            path("undo.safetensors"));

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "--undo-out is for a delta alone: edits are taken back by leaving out their --edit");
  }

  @Test
  void shouldRefuseToFoldADeltaAlone() {
    // When
    CommandRun run =
        run("export", "--base", base, "--delta", delta, "--format", "delta", "--out", path("out"));

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("--format delta folds edits into a delta: name them with --edit");
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private DigestCache cache() {
    return new DigestCache(path("digests"));
  }

  private String digest(Path checkpoint) throws IOException {
    try (Checkpoint opened = Checkpoints.open(checkpoint)) {
      return cache().weightsDigest(opened, ProgressListener.none()).hex();
    }
  }

  private CommandRun run(Object... arguments) {
    return CommandRun.of(
        Map.of("DELTAPRESS_CACHE", path("cache").toString()),
        new Stop(),
        Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
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
}
