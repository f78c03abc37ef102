package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code compress} finds out by running both models. */
class CompressSearchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path shared;
  private static TinyModels models;

  @TempDir private Path directory;

  @BeforeAll
  static void writeModels() throws IOException {
    models = TinyModels.write(shared);
  }

  @ParameterizedTest
  @CsvSource({
    "darex-q, , global, 0",
    "darex-q, output-change, global, 0",
    "darex-q, analytic, analytic, 7",
    "darex-q, shaped, shaped, 7",
    "structural, , global, 0"
  })
  void shouldSearchQOnCalibrationText(
      String method, String rescale, String strategy, int tensorsWithTheirOwn) throws IOException {
    // Given
    Path out = directory.resolve("delta.safetensors");
    List<String> options = new ArrayList<>(List.of("--method", method, "--prune-rate", "0.9"));
    if (rescale != null) {
      options.addAll(List.of("--rescale", rescale));
    }

    // When
    CommandRun run = compress(out, options);

    // Then
    JsonNode report = json(run);
    JsonNode search = report.path("search");
    assertThat(search.path("strategy").textValue()).isEqualTo(strategy);
    assertThat(search.path("measured").textValue()).isEqualTo("top-5 logit error");
    assertThat(search.path("trials")).hasSize(search.path("evaluations").intValue());
    assertThat(report.path("rescale").doubleValue()).isBetween(0.1, 1.0);
    assertThat(report.path("tensorRescale")).hasSize(tensorsWithTheirOwn);
    JsonNode inspected = json(run("inspect", out.toString(), "--json"));
    assertThat(inspected.path("rescale")).isEqualTo(report.path("rescale"));
    assertThat(inspected.path("tensorRescale")).isEqualTo(report.path("tensorRescale"));
    assertThat(inspected.path("notes").path("rescale").textValue())
        .startsWith(strategy + " " + search.path("parameter").textValue() + " ");
  }

  @Test
  void shouldSearchByLabelsWhenThereAreSome() throws IOException {
    // Given
    Path tasks = directory.resolve("tasks.jsonl");
    Files.writeString(tasks, "{\"prompt\": \"a b\", \"answer\": \"c\"}\n");

    // When
    CommandRun run =
        run(arguments(directory.resolve("delta.safetensors"), "darex-q", "--validation", tasks));

    // Then
    assertThat(json(run).path("search").path("measured").textValue()).isEqualTo("exact-match");
  }

  @Test
  void shouldWeighDeltasByInputsWithWanda() throws IOException {
    // Given
    Path wanda = directory.resolve("wanda.safetensors");
    Path magnitude = directory.resolve("magnitude.safetensors");

    // When
    CommandRun run = compress(wanda, List.of("--method", "wanda", "--prune-rate", "0.9"));

    // Then
    JsonNode report = json(run);
    json(run(arguments(magnitude, "magnitude", "--prune-rate", "0.9")));
    assertThat(report.path("method").textValue()).isEqualTo("wanda");
    assertThat(report.path("rescale").doubleValue()).isEqualTo(1);
    assertThat(report.has("search")).isFalse();
    assertThat(Files.readAllBytes(wanda)).isNotEqualTo(Files.readAllBytes(magnitude));
  }

  @Test
  void shouldChooseTheMethodByMeasurementAndKeepTheReason() throws IOException {
    // Given
    Path out = directory.resolve("delta.safetensors");

    // When
    CommandRun run = compress(out, List.of("--method", "auto", "--prune-rate", "0.9"));

    // Then
    JsonNode report = json(run);
    JsonNode selection = report.path("selection");
    assertThat(selection.path("candidates")).hasSize(7);
    double best = Double.MAX_VALUE;
    String method = "";
    for (JsonNode candidate : selection.path("candidates")) {
      if (candidate.path("figure").doubleValue() < best) {
        best = candidate.path("figure").doubleValue();
        method = candidate.path("method").textValue();
      }
    }
    assertThat(report.path("method").textValue()).isEqualTo(method);
    assertThat(selection.path("chosen").textValue()).startsWith(method);
    String note =
        json(run("inspect", out.toString(), "--json")).path("notes").path("selection").textValue();
    assertThat(JSON.readTree(note)).isEqualTo(selection);
  }

  @Test
  void shouldShowPeopleWhatWasTried() {
    // Given
    List<String> arguments =
        arguments(
            directory.resolve("delta.safetensors"), "auto", "--calibration", models.calibration());

    // When
    CommandRun run = run(arguments.toArray(String[]::new));

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().findFirst().orElseThrow())
        .matches(" +method +q +top-5 logit error +artifact");
    assertThat(run.out().lines().filter(line -> line.startsWith("* "))).hasSize(1);
    assertThat(run.out()).contains(" has the smallest top-5 logit error, ");
  }

  @Test
  void shouldNameTheCalibrationFileThatIsMissing() {
    // Given
    Path missing = directory.resolve("missing.jsonl");

    // When
    CommandRun run =
        run(
            arguments(directory.resolve("delta.safetensors"), "darex-q", "--calibration", missing)
                .toArray(String[]::new));

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                3,
                "",
                "deltapress: "
                    + missing
                    + ": no such file; give a calibration file of JSON lines"
                    + System.lineSeparator()));
  }

  private CommandRun compress(Path out, List<String> options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "compress",
                "--base",
                models.base().toString(),
                "--fine-tuned",
                models.fineTuned().toString(),
                "--out",
                out.toString(),
                "--calibration",
                models.calibration().toString(),
                "--json"));
    arguments.addAll(options);
    return run(arguments.toArray(String[]::new));
  }

  private static List<String> arguments(Path out, String method, Object... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "compress",
                "--base",
                models.base().toString(),
                "--fine-tuned",
                models.fineTuned().toString(),
                "--out",
                out.toString(),
                "--method",
                method));
    for (Object option : options) {
      arguments.add(option.toString());
    }
    return arguments;
  }

  private CommandRun run(List<String> arguments) {
    List<String> withJson = new ArrayList<>(arguments);
    withJson.add("--json");
    return run(withJson.toArray(String[]::new));
  }

  private CommandRun run(String... arguments) {
    return CommandRun.of(
        Map.of("DELTAPRESS_CACHE", directory.resolve("cache").toString()), new Stop(), arguments);
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }
}
