package io.deltapress.djl.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.Fixtures;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TextTokenizer.SegmentedTokens;
import io.deltapress.djl.model.TokenBatch;
import io.deltapress.djl.model.TransformerModel;
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

/** On classifiers of random weights, whose own judgements are used as right ones. */
@ExtendWith(NoArraysLeft.class)
class ScorerTest {

  private static final Path THREE_LABELS = Fixtures.path("encoder/bert-three-labels-bf16");
  private static final Path REGRESSION = Fixtures.path("encoder/bert-regression-first-names-f16");
  private static final Path LANGUAGE_MODEL = Fixtures.path("gpt2/prefixed-f16");
  private static final String TOKENIZER =
      WordLevelTokenizer.json(IntStream.range(3, 40).mapToObj(id -> "w" + id).toList());

  @TempDir private Path directory;

  @Test
  void shouldScoreWhatAClassifierGets() throws IOException {
    // Given: 70 texts labelled as the model judges each alone, every seventh wrong
    try (NDManager manager = TensorRuntime.newManager();
        SequenceClassifier model = ModelDirectory.loadClassifier(manager, THREE_LABELS);
        TextTokenizer tokenizer = TextTokenizer.of(TOKENIZER)) {
      List<LabelledText> texts = new ArrayList<>();
      for (int i = 0; i < 70; i++) {
        String text = text(i);
        int label = (int) argMax(logits(model, tokenizer, text));
        texts.add(new LabelledText(text, i % 7 == 0 ? (label + 1) % 3 : label));
      }
      Path file = directory.resolve("labels.jsonl");
      LabelFile.write(file, texts);
      Scorer scorer = Scorer.of(model, tokenizer, file, null);
      List<String> progress = new ArrayList<>();

      // When
      Score score = scorer.measure((done, total) -> progress.add(done + "/" + total));

      // Then
      assertThat(scorer.metric()).isEqualTo(Metric.ACCURACY);
      assertThat(scorer.examples()).isEqualTo(70);
      assertThat(score.value()).isEqualTo(60 / 70.0);
      assertThat(score.figures().keySet()).containsExactly("accuracy", "matthews");
      assertThat(score.examples()).isEqualTo(70);
      assertThat(progress).containsExactly("64/70", "70/70");
    }
  }

  @Test
  void shouldFollowTheWeightsWhenTheyChange() throws IOException {
    // Given: a model that gives label 2 whatever it is asked
    try (NDManager manager = TensorRuntime.newManager();
        SequenceClassifier model = ModelDirectory.loadClassifier(manager, THREE_LABELS);
        TextTokenizer tokenizer = TextTokenizer.of(TOKENIZER)) {
      Path file = directory.resolve("labels.jsonl");
      LabelFile.write(file, List.of(new LabelledText("w5", 1), new LabelledText("w6 w7", 2)));
      Scorer scorer = Scorer.of(model, tokenizer, file, Metric.ACCURACY);
      model.weights().write("classifier.bias", 0, new float[] {0, 0, 1000});

      // When
      double before = scorer.score();
      model.weights().write("classifier.bias", 0, new float[] {1000, 0, 0});
      double after = scorer.score();

      // Then
      assertThat(before).isEqualTo(0.5);
      assertThat(after).isZero();
    }
  }

  @Test
  void shouldCorrelateTheNumbersOfARegression() throws IOException {
    // Given: numbers that grow with the model's own, but not in proportion
    try (NDManager manager = TensorRuntime.newManager();
        SequenceClassifier model = ModelDirectory.loadClassifier(manager, REGRESSION);
        TextTokenizer tokenizer = TextTokenizer.of(TOKENIZER)) {
      List<LabelledText> texts = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        texts.add(new LabelledText(text(i), StrictMath.exp(logits(model, tokenizer, text(i))[0])));
      }
      Path file = directory.resolve("numbers.jsonl");
      LabelFile.write(file, texts);

      // When
      Score score = Scorer.of(model, tokenizer, file, null).measure(EvaluationListener.none());

      // Then
      assertThat(score.metric()).isEqualTo(Metric.PEARSON_SPEARMAN);
      assertThat(score.figures().keySet()).containsExactly("pearson", "spearman");
      assertThat(score.figures().get("spearman")).isEqualTo(1);
      assertThat(score.figures().get("pearson")).isBetween(0.5, 0.9999);
    }
  }

  @Test
  void shouldScoreALanguageModelByExactMatch() throws IOException {
    // Given
    Path model = withTokenizer(LANGUAGE_MODEL);
    Path file = directory.resolve("tasks.jsonl");
    TaskFile.write(file, List.of(new Task("w5 w6", "w7"), new Task("w9", "w8")));

    // When
    Score score = Scorer.measure(model, file, null, EvaluationListener.none());

    // Then
    Evaluation expected = Evaluator.evaluate(model, file, EvaluationListener.none());
    assertThat(score.metric()).isEqualTo(Metric.EXACT_MATCH);
    assertThat(score.value()).isEqualTo(expected.exactMatch());
    assertThat(score.figures()).containsEntry("tokenAccuracy", expected.tokenAccuracy());
  }

  @Test
  void shouldRefuseAMetricThatDoesNotFitTheModel() throws IOException {
    // Given
    Path file = directory.resolve("labels.jsonl");
    LabelFile.write(file, List.of(new LabelledText("w5", 1)));
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, THREE_LABELS);
        TextTokenizer tokenizer = TextTokenizer.of(TOKENIZER)) {

      // When
      assertThatThrownBy(() -> Scorer.of(model, tokenizer, file, Metric.F1))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              file + ": metric f1 does not fit this model; choose one of accuracy, matthews");
    }
  }

  @Test
  void shouldNameTheTextWhoseLabelTheModelDoesNotHave() throws IOException {
    // Given
    Path file = directory.resolve("labels.jsonl");
    LabelFile.write(file, List.of(new LabelledText("w5", 1), new LabelledText("w5", 3)));
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, THREE_LABELS);
        TextTokenizer tokenizer = TextTokenizer.of(TOKENIZER)) {

      // When
      assertThatThrownBy(() -> Scorer.of(model, tokenizer, file, null))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              file + ": text 2 has label 3.0, the model's labels are the integers from 0 to 2");
    }
  }

  @Test
  void shouldNameTheTextThatIsTooLongForTheModel() throws IOException {
    // Given
    Path file = directory.resolve("labels.jsonl");
    LabelFile.write(file, List.of(new LabelledText("w5 ".repeat(20), 1)));
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, THREE_LABELS);
        TextTokenizer tokenizer = TextTokenizer.of(TOKENIZER)) {

      // When
      assertThatThrownBy(() -> Scorer.of(model, tokenizer, file, null))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(file + ": text 1 has 21 tokens, the model takes 20; shorten it");
    }
  }

  @Test
  void shouldNameTheTextWhoseSegmentTheModelDoesNotHave() throws IOException {
    // Given: a RoBERTa has one segment, this tokenizer puts the second text into another
    Path file = directory.resolve("labels.jsonl");
    LabelFile.write(file, List.of(new LabelledText("w5", "w6", 1)));
    String segments = TOKENIZER.replaceAll("(?s)(\"id\" : \"B\",\\s*\"type_id\" : )0", "$11");
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model =
            ModelDirectory.load(manager, Fixtures.path("encoder/roberta-two-labels-f16"));
        TextTokenizer tokenizer = TextTokenizer.of(segments)) {

      // When
      assertThatThrownBy(() -> Scorer.of(model, tokenizer, file, null))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              file
                  + ": text 1 has segment 1, the model's segments end at 0; give the"
                  + " tokenizer.json of the model");
    }
  }

  @Test
  void shouldListTheMetricsWhenOneIsUnknown() {
    // When
    assertThatThrownBy(() -> Metric.ofWireName("bleu"))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "metric bleu is unknown; choose one of exact-match, accuracy, f1, accuracy-f1,"
                + " matthews, pearson, spearman, pearson-spearman");
  }

  /** Texts of one to five words, so that batches are filled up. */
  private static String text(int i) {
    StringBuilder text = new StringBuilder("w" + (3 + i % 37));
    for (int word = 0; word < i % 5; word++) {
      text.append(" w").append(3 + (i * 11 + word * 5) % 37);
    }
    return text.toString();
  }

  private static float[] logits(SequenceClassifier model, TextTokenizer tokenizer, String text) {
    SegmentedTokens tokens = tokenizer.encodeSegments(text, null);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return model.logits(TokenBatch.of(List.of(tokens.ids()))).toFloatArray();
    }
  }

  private static long argMax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  private Path withTokenizer(Path fixture) throws IOException {
    Path model = Files.createDirectory(directory.resolve("model"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(fixture.resolve(name), model.resolve(name));
    }
    Files.writeString(model.resolve("tokenizer.json"), TOKENIZER);
    return model;
  }
}
