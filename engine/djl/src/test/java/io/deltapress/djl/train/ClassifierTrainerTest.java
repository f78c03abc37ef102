package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.evaluate.LabelFile;
import io.deltapress.djl.evaluate.LabelledText;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.ReproducibleBits;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.EncoderModel;
import io.deltapress.djl.model.Fixtures;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.world.WordLevelTokenizer;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoArraysLeft.class)
class ClassifierTrainerTest {

  private static final TrainingRecipe SHORT = new TrainingRecipe(30, 8, 1e-2, 2, 0.1, 0.01, 1, 0);
  private static final Path BERT = Fixtures.path("encoder/bert-three-labels-bf16");

  @TempDir private Path directory;

  @Test
  void shouldPreTrainAnEncoderWithAHeadThatIsLeftAsDrawn() throws IOException {
    // Given
    List<Double> losses = new ArrayList<>();
    BaseTrainingOptions options =
        EncoderPreTraining.options(directory.resolve("base"))
            .withTasks(directory.resolve("tasks"))
            .withSize(new ModelSize(16, 24, 1, 2, 2))
            .withRecipe(SHORT);

    // When
    EncoderPreTraining.run(options, progress -> losses.add(progress.loss()));

    // Then: a vocabulary of some 800 words starts at ln 800
    assertThat(losses.get(0)).isBetween(6.0, 7.5);
    assertThat(losses.get(29)).isLessThan(losses.get(0) - 0.5);
    assertThat(LabelFile.read(directory.resolve("tasks/desk-train.jsonl"))).hasSize(2400);
    try (NDManager manager = TensorRuntime.newManager();
        SequenceClassifier model = ModelDirectory.loadClassifier(manager, options.out())) {
      assertThat(model.labels()).isEqualTo(6);
      assertThat(model.weights().read("classifier.bias")).containsOnly(0);
      assertThat(model.weights().read("bert.encoder.layer.0.output.dense.bias")).doesNotContain(0);
    }
  }

  @Test
  void shouldFineTuneEverythingAndKeepTypesAndBuffersOfTheBase() throws IOException {
    // Given
    Path base = baseWithHead();
    List<Double> losses = new ArrayList<>();
    FineTuneOptions options = options(base, "tuned");

    // When
    TrainingReport report = Trainer.run(options, progress -> losses.add(progress.loss()));

    // Then
    assertThat(losses.get(29)).isLessThan(0.7 * losses.get(0));
    assertThat(report.weightsDigest()).isEqualTo(ModelDirectory.weightsDigest(options.out()).hex());
    try (Checkpoint before = Checkpoints.open(base);
        Checkpoint after = Checkpoints.open(options.out())) {
      assertThat(after.tensors()).isEqualTo(before.tensors());
      assertThat(after.tensors()).containsKey("bert.embeddings.position_ids");
    }
    assertThat(options.out().resolve("config.json"))
        .hasSameBinaryContentAs(base.resolve("config.json"));
  }

  @Test
  @ReproducibleBits
  void shouldGiveABaseWithoutHeadANewOneOfTheSeed() throws IOException {
    // Given: four labels, so the head is none that was there before
    Path base = baseWithoutHead();

    // When
    String digest = train(base, "one", 1);
    String again = train(base, "two", 1);
    String other = train(base, "three", 2);

    // Then
    assertThat(again).isEqualTo(digest).isNotEqualTo(other);
    try (NDManager manager = TensorRuntime.newManager();
        SequenceClassifier model =
            ModelDirectory.loadClassifier(manager, directory.resolve("one"))) {
      assertThat(model).isInstanceOf(EncoderModel.class);
      assertThat(model.labels()).isEqualTo(4);
      assertThat(model.weights().read("bert.pooler.dense.weight")).doesNotContain(0);
    }
    assertThat(directory.resolve("one/config.json"))
        .content()
        .contains("\"BertForSequenceClassification\"", "\"LABEL_3\"");
    assertThat(directory.resolve("one/tokenizer.json"))
        .hasSameBinaryContentAs(base.resolve("tokenizer.json"));
  }

  @Test
  void shouldSayThatAnEncoderWithoutHeadCannotClassify() throws IOException {
    // Given
    Path base = baseWithoutHead();
    try (NDManager manager = TensorRuntime.newManager()) {

      // When
      assertThatThrownBy(() -> ModelDirectory.load(manager, base))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              base
                  + ": holds an encoder without a classification head; fine-tune it first, or save"
                  + " it with one");
    }
  }

  @Test
  void shouldRefuseAnAdapterForABaseWithoutHead() throws IOException {
    // Given
    Path base = baseWithoutHead();
    FineTuneOptions options = options(base, "adapter").withLora(LoraOptions.of(2));

    // When
    assertThatThrownBy(() -> Trainer.run(options, TrainingListener.none()))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            base
                + ": has no classification head, which a LoRA adapter cannot add; train without"
                + " LoRA first");
  }

  private String train(Path base, String name, long seed) throws IOException {
    FineTuneOptions options = options(base, name).withSeed(seed);
    return Trainer.run(options.withRecipe(SHORT.withSteps(2)), TrainingListener.none())
        .weightsDigest();
  }

  private FineTuneOptions options(Path base, String name) throws IOException {
    int labels = base.endsWith("headless") ? 4 : 3;
    Path data = directory.resolve(name + ".jsonl");
    List<LabelledText> texts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      texts.add(new LabelledText("w" + (3 + i % labels) + " w" + (9 + i % 7), i % labels));
    }
    LabelFile.write(data, texts);
    return FineTuneOptions.of(base, data, directory.resolve(name)).withRecipe(SHORT);
  }

  private Path baseWithHead() throws IOException {
    Path base = Files.createDirectory(directory.resolve("base"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(BERT.resolve(name), base.resolve(name));
    }
    return withTokenizer(base);
  }

  /** As {@code BertForMaskedLM} saves it: neither pooler nor classifier. */
  private Path baseWithoutHead() throws IOException {
    Path base = Files.createDirectory(directory.resolve("headless"));
    String config = Files.readString(BERT.resolve("config.json"));
    Files.writeString(
        base.resolve("config.json"),
        config.replace("BertForSequenceClassification", "BertForMaskedLM"));
    try (Checkpoint source = Checkpoints.open(BERT)) {
      List<TensorInfo> kept =
          source.tensors().values().stream()
              .filter(i -> !i.name().contains("pooler") && !i.name().contains("classifier"))
              .filter(i -> i.dtype() == DType.BF16)
              .toList();
      try (SafetensorsWriter writer =
          SafetensorsWriter.create(base.resolve("model.safetensors"), kept, Map.of())) {
        for (TensorInfo info : writer.order()) {
          writer.write(info.name(), source.data(info.name()).slice(0, (int) info.byteLength()));
        }
        writer.commit();
      }
    }
    return withTokenizer(base);
  }

  private static Path withTokenizer(Path base) throws IOException {
    List<String> words = IntStream.range(3, 40).mapToObj(id -> "w" + id).toList();
    Files.writeString(base.resolve("tokenizer.json"), WordLevelTokenizer.json(words));
    return base;
  }
}
