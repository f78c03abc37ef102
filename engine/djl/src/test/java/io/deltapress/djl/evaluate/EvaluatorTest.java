package io.deltapress.djl.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.Fixtures;
import io.deltapress.djl.model.GreedyGenerator;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.djl.world.WordLevelTokenizer;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On a model of random weights, whose generated answers are used as right ones. */
@ExtendWith(NoArraysLeft.class)
class EvaluatorTest {

  private static final Path MODEL = Fixtures.path("llama/multi-head-untied-f32");
  private static final List<String> WORDS =
      IntStream.range(3, 40).mapToObj(id -> "w" + id).toList();

  @TempDir private Path directory;

  @Test
  void shouldCountExactlyWhatGreedyGenerationAnswers() throws IOException {
    // Given
    try (NDManager manager = TensorRuntime.newManager();
        LanguageModel model = ModelDirectory.loadLanguageModel(manager, MODEL);
        TextTokenizer tokenizer = TextTokenizer.of(WordLevelTokenizer.json(WORDS))) {
      List<Task> right = answered(model, tokenizer, 60);
      List<Task> wrong = right.stream().map(t -> new Task(t.prompt(), t.answer() + " w3")).toList();
      List<Task> tasks = new ArrayList<>(right);
      tasks.addAll(wrong);

      // When
      Evaluation evaluation =
          new Evaluator(model, tokenizer, tasks).evaluate(EvaluationListener.none());

      // Then: every generated answer counts, and none of those with a word too many
      assertThat(right).hasSizeGreaterThan(3);
      assertThat(evaluation.exactMatch()).isEqualTo(0.5);
      assertThat(evaluation.examples()).isEqualTo(tasks.size());
    }
  }

  @Test
  void shouldCountAnswerTokensAndTheEndToken() throws IOException {
    // Given: the model ends the answer where the task goes on
    try (NDManager manager = TensorRuntime.newManager();
        LanguageModel model = ModelDirectory.loadLanguageModel(manager, MODEL);
        TextTokenizer tokenizer = TextTokenizer.of(WordLevelTokenizer.json(WORDS))) {
      Task task = answered(model, tokenizer, 60).get(0);
      int words = task.answer().split(" ").length;

      // When
      Evaluation evaluation =
          new Evaluator(model, tokenizer, List.of(task)).evaluate(EvaluationListener.none());
      Evaluation shortened =
          new Evaluator(model, tokenizer, List.of(new Task(task.prompt(), "w3 " + task.answer())))
              .evaluate(EvaluationListener.none());

      // Then
      assertThat(evaluation.tokenAccuracy()).isEqualTo(1);
      assertThat(shortened.exactMatch()).isZero();
      assertThat(shortened.tokenAccuracy() * (words + 2))
          .isCloseTo(Math.round(shortened.tokenAccuracy() * (words + 2)), within(1e-9));
    }
  }

  @Test
  void shouldEvaluateADirectoryAndTellHowFarItIs() throws IOException {
    // Given
    Path model = modelWith(WORDS);
    Path tasks = directory.resolve("tasks.jsonl");
    TaskFile.write(tasks, IntStream.range(0, 70).mapToObj(i -> new Task("w5 w6", "w7")).toList());
    List<String> progress = new ArrayList<>();

    // When
    Evaluation evaluation =
        Evaluator.evaluate(model, tasks, (done, total) -> progress.add(done + "/" + total));

    // Then
    assertThat(progress).containsExactly("64/70", "70/70");
    assertThat(evaluation.examples()).isEqualTo(70);
  }

  @Test
  void shouldNameTheTaskThatIsTooLongForTheModel() throws IOException {
    // Given
    Path model = modelWith(WORDS);
    Path tasks = directory.resolve("tasks.jsonl");
    TaskFile.write(tasks, List.of(new Task("w5", "w6"), new Task("w5 ".repeat(62), "w6")));

    // When
    assertThatThrownBy(() -> Evaluator.evaluate(model, tasks, EvaluationListener.none()))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(tasks + ": task 2 has 65 tokens, the model takes 64; shorten it");
  }

  @Test
  void shouldNameTheTaskWhenTheTokenizerIsAnotherModels() throws IOException {
    // Given
    Path model = modelWith(IntStream.range(3, 50).mapToObj(id -> "w" + id).toList());
    Path tasks = directory.resolve("tasks.jsonl");
    TaskFile.write(tasks, List.of(new Task("w5", "w44")));

    // When
    assertThatThrownBy(() -> Evaluator.evaluate(model, tasks, EvaluationListener.none()))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            tasks
                + ": task 1 has token id 44, the model's ids end at 39; give the tokenizer.json of"
                + " the model");
  }

  private Path modelWith(List<String> words) throws IOException {
    Path model = Files.createDirectory(directory.resolve("model"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(MODEL.resolve(name), model.resolve(name));
    }
    Files.writeString(model.resolve("tokenizer.json"), WordLevelTokenizer.json(words));
    return model;
  }

  /** Random prompts that the model answers with at least one word, then the end token. */
  private static List<Task> answered(LanguageModel model, TextTokenizer tokenizer, int prompts) {
    SplitMix64 random = new SplitMix64(1);
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < prompts; i++) {
      String prompt = "w" + (3 + random.nextInt(37)) + " w" + (3 + random.nextInt(37));
      long[] generated = new GreedyGenerator(model).generate(tokenizer.encode(prompt), 12);
      String answer = tokenizer.decode(generated);
      boolean ended = generated.length < 12;
      if (ended && !answer.isBlank() && answer.split(" ").length == generated.length) {
        tasks.add(new Task(prompt, answer));
      }
    }
    return tasks;
  }
}
