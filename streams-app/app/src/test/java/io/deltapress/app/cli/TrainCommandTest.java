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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {
  @TempDir private Path directory;

  @Test
  void shouldTrainFineTuneAndEvaluateWhenToldInTurn() throws IOException {
    // Given
    Path base = directory.resolve("base");
    Path tuned = directory.resolve("tuned");
    Path task = base.resolve("tasks/router-validation.jsonl");

    // When
    CommandRun trained =
        CommandRun.of(
            "train",
            "base",
            "--out",
            base.toString(),
            "--steps",
            "2",
            "--batch-size",
            "4",
            "--layers",
            "1",
            "--hidden-size",
            "16",
            "--feed-forward-size",
            "16",
            "--heads",
            "2",
            "--key-value-heads",
            "1",
            "--json");
    CommandRun fineTuned =
        CommandRun.of(
            "train",
            "fine-tune",
            "--base",
            base.toString(),
            "--task",
            task.toString(),
            "--out",
            tuned.toString(),
            "--steps",
            "2",
            "--batch-size",
            "4",
            "--json");
    CommandRun evaluated =
        CommandRun.of("evaluate", "--model", tuned.toString(), "--task", task.toString(), "--json");

    // Then
    assertThat(json(trained).path("steps").intValue()).isEqualTo(2);
    assertThat(json(fineTuned).path("weightsDigest").textValue())
        .hasSize(64)
        .isNotEqualTo(json(trained).path("weightsDigest").textValue());
    assertThat(json(evaluated).path("exactMatch").doubleValue()).isBetween(0.0, 1.0);
    assertThat(json(evaluated).path("examples").intValue())
        .isEqualTo(Files.readAllLines(task).size());
  }

  @Test
  void shouldMeasureTheFineTuneWhenItsWholeDeltaIsAppliedToTheBase() throws IOException {
    // Given
    Path base = directory.resolve("base");
    Path tuned = directory.resolve("tuned");
    Path delta = directory.resolve("delta");
    Path task = base.resolve("tasks/router-validation.jsonl");
    CommandRun.of(
        "train",
        "base",
        "--out",
        base.toString(),
        "--steps",
        "1",
        "--batch-size",
        "2",
        "--layers",
        "1",
        "--hidden-size",
        "16",
        "--feed-forward-size",
        "16",
        "--heads",
        "2",
        "--key-value-heads",
        "1");
    CommandRun.of(
        "train",
        "fine-tune",
        "--base",
        base.toString(),
        "--task",
        task.toString(),
        "--out",
        tuned.toString(),
        "--steps",
        "8",
        "--batch-size",
        "32",
        "--learning-rate",
        "0.05");
    CommandRun.of(
        cache(),
        new Stop(),
        "compress",
        "--base",
        base.toString(),
        "--fine-tuned",
        tuned.toString(),
        "--out",
        delta.toString(),
        "--prune-rate",
        "0");
    CommandRun direct =
        CommandRun.of("evaluate", "--model", tuned.toString(), "--task", task.toString(), "--json");

    // When
    CommandRun applied =
        CommandRun.of(
            cache(),
            new Stop(),
            "evaluate",
            "--model",
            base.toString(),
            "--delta",
            delta.toString(),
            "--task",
            task.toString(),
            "--json");

    // Then
    assertThat(json(applied).path("tokenAccuracy")).isEqualTo(json(direct).path("tokenAccuracy"));
    assertThat(json(applied).path("tokenAccuracy").doubleValue()).isPositive();
  }

  @Test
  void shouldTrainAnEncoderAndScoreItsLabels() throws IOException {
    // Given
    Path base = directory.resolve("base");
    Path tuned = directory.resolve("tuned");
    Path task = base.resolve("tasks/desk-validation.jsonl");

    // When
    CommandRun trained =
        CommandRun.of(
            "train",
            "base",
            "--architecture",
            "bert",
            "--out",
            base.toString(),
            "--steps",
            "2",
            "--batch-size",
            "4",
            "--layers",
            "1",
            "--hidden-size",
            "16",
            "--feed-forward-size",
            "16",
            "--heads",
            "2",
            "--json");
    CommandRun fineTuned =
        CommandRun.of(
            "train",
            "fine-tune",
            "--base",
            base.toString(),
            "--task",
            task.toString(),
            "--out",
            tuned.toString(),
            "--steps",
            "2",
            "--batch-size",
            "4",
            "--json");
    CommandRun evaluated =
        CommandRun.of(
            "evaluate",
            "--model",
            tuned.toString(),
            "--task",
            task.toString(),
            "--metric",
            "matthews",
            "--json");

    // Then
    assertThat(json(trained).path("steps").intValue()).isEqualTo(2);
    assertThat(json(fineTuned).path("weightsDigest").textValue())
        .isNotEqualTo(json(trained).path("weightsDigest").textValue());
    assertThat(json(evaluated).path("metric").textValue()).isEqualTo("matthews");
    assertThat(json(evaluated).path("score")).isEqualTo(json(evaluated).path("matthews"));
    assertThat(json(evaluated).path("accuracy").doubleValue()).isBetween(0.0, 1.0);
    assertThat(json(evaluated).path("examples").intValue()).isEqualTo(300);
  }

  @Test
  void shouldTrainAnEditorOnTheEditsOfItsBase() throws IOException {
    // Given
    Path base = directory.resolve("base");
    Path editor = directory.resolve("editor");
    String size = "--steps 2 --layers 1 --hidden-size 16 --feed-forward-size 16 --heads 2";
    List<String> words = new ArrayList<>(List.of("train", "base", "--out", base.toString()));
    words.addAll(List.of((size + " --batch-size 4 --key-value-heads 1").split(" ")));
    CommandRun.of(words.toArray(String[]::new));
    Path requests = directory.resolve("few.jsonl");
    Files.write(
        requests, Files.readAllLines(base.resolve("tasks/edits-train.jsonl")).subList(0, 4));

    // When
    CommandRun run =
        CommandRun.of(
            "train",
            "editor",
            "--model",
            base.toString(),
            "--requests",
            requests.toString(),
            "--out",
            editor.toString(),
            "--method",
            "malmen",
            "--layers",
            "*.mlp.down_proj.*",
            "--steps",
            "2",
            "--batch-size",
            "2",
            "--rank",
            "2",
            "--json");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(json(run).path("model").textValue()).isEqualTo(editor.toString());
    assertThat(json(run).path("steps").intValue()).isEqualTo(2);
    JsonNode description = new ObjectMapper().readTree(editor.resolve("editor.json").toFile());
    assertThat(description.path("method").textValue()).isEqualTo("malmen");
    assertThat(description.path("layers").get(0).textValue())
        .isEqualTo("model.layers.0.mlp.down_proj.weight");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train editor --model m --requests r --out o --method ke | editor method ke is unknown;"
            + " choose one of mend, malmen",
        "train editor --model m --requests r --out o --rank 0 | the rank of an editor must be 1 to"
            + " 4096",
        "train editor --model m --requests r --out o --edit-weight 0 | the weight of edits must be a"
            + " positive number",
        "train base --out m --architecture t5 | --architecture t5 is unknown; choose llama or bert",
        "evaluate --model m --task t --metric bleu | --metric bleu is unknown; choose one of"
            + " exact-match, accuracy, f1, accuracy-f1, matthews, pearson, spearman,"
            + " pearson-spearman",
        "evaluate --model m --task t --device cuda | --device 'cuda' is unknown; choose auto, cpu or"
            + " gpu:N"
      })
  void shouldSayWhatCanBeChosen(String arguments, String rule) {
    // When
    CommandRun run = CommandRun.of(arguments.split(" "));

    // Then
    assertThat(run)
        .isEqualTo(new CommandRun(2, "", "deltapress: " + rule + System.lineSeparator()));
  }

  private Map<String, String> cache() {
    return Map.of("DELTAPRESS_CACHE", directory.resolve("cache").toString());
  }

  @Test
  void shouldRefuseToResumeWhenThereIsNoState() {
    // Given
    Path out = directory.resolve("model");

    // When
    CommandRun run = CommandRun.of("train", "base", "--out", out.toString(), "--resume");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2,
                "",
                "deltapress: "
                    + out
                    + ".training.safetensors: no state to resume from; leave --resume out to start"
                    + " from the beginning"
                    + System.lineSeparator()));
  }

  @ParameterizedTest
  @CsvSource({
    "--strength=1, --strength needs --regularize l2 or l1",
    "--regularize=l3, --regularize l3 is unknown: use l2 or l1",
    "--regularize=l2 --strength=-1,"
        + " --strength -1.0: strength must be a number that is not negative",
    "--lora-alpha=4, --lora-alpha and --lora-targets need --lora-rank",
    "--lora-rank=0, the rank of an adapter must be 1 to 4096"
  })
  void shouldSayWhatIsWrongWithARegularizationOrAnAdapter(String flags, String message) {
    // Given
    List<String> words = new ArrayList<>(List.of("train", "fine-tune", "--base", "b", "--task"));
    words.addAll(List.of("t", "--out", directory.resolve("model").toString()));
    words.addAll(List.of(flags.split(" ")));

    // When
    CommandRun run = CommandRun.of(words.toArray(String[]::new));

    // Then
    assertThat(run)
        .isEqualTo(new CommandRun(2, "", "deltapress: " + message + System.lineSeparator()));
  }

  @Test
  void shouldRefuseToThrowAwayAnInterruptedTrainingWhenNotTold() throws IOException {
    // Given
    Path out = directory.resolve("model");
    Path state = Files.createFile(directory.resolve("model.training.safetensors"));

    // When
    CommandRun run = CommandRun.of("train", "base", "--out", out.toString());

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2,
                "",
                "deltapress: "
                    + state
                    + ": an interrupted training of this --out; go on with --resume, or delete"
                    + " that file"
                    + System.lineSeparator()));
  }

  @Test
  void shouldGiveUpBetweenStepsWhenStopped() {
    // Given
    Path out = directory.resolve("model");
    Stop stop = new Stop();
    stop.request(130);

    // When
    CommandRun run =
        CommandRun.of(Map.of(), stop, "train", "base", "--out", out.toString(), "--layers", "1");

    // Then
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(out).doesNotExist();
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }
}
