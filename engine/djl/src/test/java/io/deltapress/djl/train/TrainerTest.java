package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.ReproducibleBits;
import io.deltapress.djl.model.LlamaParameters;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.delta.BFloat16;
import io.deltapress.format.lora.FineTunes;
import io.deltapress.format.lora.LoraAdapter;
import io.deltapress.format.lora.LoraConfig;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoArraysLeft.class)
class TrainerTest {

  private static final TrainingRecipe SHORT = new TrainingRecipe(12, 4, 1e-2, 2, 0.1, 0.01, 1, 0.1);

  @TempDir private Path directory;

  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  @ReproducibleBits
  void shouldGiveTheSameBitsWhenInterruptedAndResumed() throws IOException {
    // Given
    String uninterrupted = Trainer.run(base("whole"), TrainingListener.none()).weightsDigest();
    BaseTrainingOptions options = base("resumed");
    interruptAfter(9, options);

    // When
    List<Integer> steps = new ArrayList<>();
    TrainingReport report = Trainer.run(options, progress -> steps.add(progress.step()));

    // Then: states are saved every five steps
    assertThat(steps).startsWith(6).endsWith(12);
    assertThat(report.weightsDigest()).isEqualTo(uninterrupted);
    assertThat(directory.resolve("resumed.training.safetensors")).doesNotExist();
  }

  @Test
  void shouldLeaveNoModelBehindWhenInterrupted() {
    // Given
    BaseTrainingOptions options = base("interrupted");

    // When
    interruptAfter(3, options);

    // Then
    assertThat(options.out()).doesNotExist();
  }

  @Test
  void shouldRefuseTheStateOfAnotherTraining() {
    // Given
    BaseTrainingOptions options = base("model");
    interruptAfter(9, options);

    // When
    assertThatThrownBy(() -> Trainer.run(options.withSeed(2), TrainingListener.none()))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            directory.resolve("model.training.safetensors")
                + ": belongs to a training with other options or data; delete it to start again,"
                + " or repeat the command it was started with");
  }

  @Test
  void shouldRefuseAnOutputThatExists() throws IOException {
    // Given
    Path out = Files.createDirectory(directory.resolve("taken"));

    // When
    assertThatThrownBy(() -> Trainer.run(base("taken"), TrainingListener.none()))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(out + ": exists already; give another output directory, or delete this one");
  }

  @Test
  void shouldChangeAttentionAndFeedForwardOnlyWhenFineTuning() throws IOException {
    // Given
    BaseTrainingOptions base = base("base");
    Trainer.run(base, TrainingListener.none());
    Path data = base.tasks().resolve("router-train.jsonl");
    FineTuneOptions options =
        FineTuneOptions.of(base.out(), data, directory.resolve("tuned"))
            .withRecipe(SHORT.withLearningRate(1e-3));

    // When
    Trainer.run(options, TrainingListener.none());

    // Then
    Set<String> changed = changed(base.out(), options.out());
    assertThat(changed).isNotEmpty().allMatch(LlamaParameters::isProjection);
    assertThat(options.out().resolve("tokenizer.json"))
        .hasSameTextualContentAs(base.out().resolve("tokenizer.json"));
  }

  @Test
  @ReproducibleBits
  void shouldHoldTheFineTuneNearItsBaseAndResumeWithTheSameBitsWhenRegularized()
      throws IOException {
    // Given
    BaseTrainingOptions base = base("base");
    Trainer.run(base, TrainingListener.none());
    Path data = base.tasks().resolve("router-train.jsonl");
    FineTuneOptions free =
        FineTuneOptions.of(base.out(), data, directory.resolve("free"))
            .withRecipe(SHORT)
            .withStateEverySteps(5);
    FineTuneOptions held =
        FineTuneOptions.of(base.out(), data, directory.resolve("held"))
            .withRecipe(SHORT)
            .withStateEverySteps(5)
            .withRegularization(new Regularization(Regularization.Norm.L2, .5));
    Trainer.run(free, TrainingListener.none());

    // When: once through, and once interrupted and resumed
    String whole = Trainer.run(held, TrainingListener.none()).weightsDigest();
    Files.move(held.out(), directory.resolve("whole"));
    interruptAfter(9, listener -> Trainer.run(held, listener));
    String resumed = Trainer.run(held, TrainingListener.none()).weightsDigest();

    // Then: the pull is toward the base, not toward the weights at the resumption
    assertThat(resumed).isEqualTo(whole);
    assertThat(distance(base.out(), held.out())).isLessThan(0.7 * distance(base.out(), free.out()));
  }

  @Test
  void shouldRefuseTheStateOfATrainingWithAnotherRegularization() throws IOException {
    // Given
    BaseTrainingOptions base = base("base");
    Trainer.run(base, TrainingListener.none());
    FineTuneOptions options =
        FineTuneOptions.of(
                base.out(), base.tasks().resolve("router-train.jsonl"), directory.resolve("tuned"))
            .withRecipe(SHORT)
            .withStateEverySteps(5)
            .withRegularization(new Regularization(Regularization.Norm.L2, .03));
    interruptAfter(6, listener -> Trainer.run(options, listener));
    FineTuneOptions other =
        options.withRegularization(new Regularization(Regularization.Norm.L1, .03));

    // When
    assertThatThrownBy(() -> Trainer.run(other, TrainingListener.none()))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(directory.resolve("tuned.training.safetensors") + ": belongs to");
  }

  @Test
  @ReproducibleBits
  void shouldWriteAnAdapterWithTheSameBitsWhenInterruptedAndResumed() throws IOException {
    // Given
    BaseTrainingOptions base = base("base");
    Trainer.run(base, TrainingListener.none());
    FineTuneOptions options =
        FineTuneOptions.of(
                base.out(),
                base.tasks().resolve("router-train.jsonl"),
                directory.resolve("adapter"))
            .withRecipe(SHORT)
            .withStateEverySteps(5)
            .withLora(new LoraOptions(2, 4, List.of("*_proj")));
    String whole = Trainer.run(options, TrainingListener.none()).weightsDigest();
    Files.move(options.out(), directory.resolve("whole"));

    // When
    interruptAfter(9, listener -> Trainer.run(options, listener));
    String resumed = Trainer.run(options, TrainingListener.none()).weightsDigest();

    // Then
    assertThat(resumed).isEqualTo(whole);
    try (Checkpoint checkpoint = Checkpoints.open(base.out());
        LoraAdapter adapter = LoraAdapter.open(options.out());
        Checkpoint merged = FineTunes.open(checkpoint, options.out())) {
      assertThat(adapter.config()).isEqualTo(LoraConfig.of(2, 4, false));
      assertThat(adapter.modules()).hasSize(14);
      for (String name : checkpoint.tensors().keySet()) {
        assertThat(digest(merged, name).equals(digest(checkpoint, name)))
            .as(name)
            .isNotEqualTo(LlamaParameters.isProjection(name));
      }
    }
  }

  @Test
  void shouldLowerTheLoss() throws IOException {
    // Given
    List<Double> losses = new ArrayList<>();

    // When
    Trainer.run(base("learning"), progress -> losses.add(progress.loss()));

    // Then
    assertThat(losses.get(11)).isLessThan(losses.get(0) - 0.5);
  }

  @Test
  void shouldReportTheDigestOfWhatItWrote() throws IOException {
    // Given
    BaseTrainingOptions options = base("reported");

    // When
    TrainingReport report = Trainer.run(options, TrainingListener.none());

    // Then
    assertThat(report.weightsDigest()).isEqualTo(ModelDirectory.weightsDigest(options.out()).hex());
    assertThat(report.threads()).isEqualTo(1);
    assertThat(report.steps()).isEqualTo(12);
  }

  private BaseTrainingOptions base(String name) {
    return BaseTrainingOptions.of(directory.resolve(name))
        .withTasks(directory.resolve(name + "-tasks"))
        .withSize(TinyModel.SIZE)
        .withRecipe(SHORT)
        .withStateEverySteps(5);
  }

  private interface Run {
    TrainingReport with(TrainingListener listener) throws IOException;
  }

  private static void interruptAfter(int step, BaseTrainingOptions options) {
    interruptAfter(step, listener -> Trainer.run(options, listener));
  }

  private static void interruptAfter(int step, Run run) {
    assertThatThrownBy(
            () ->
                run.with(
                    progress -> {
                      if (progress.step() == step) {
                        throw new Interruption();
                      }
                    }))
        .isInstanceOf(Interruption.class);
  }

  private static Set<String> changed(Path left, Path right) throws IOException {
    Set<String> changed = new TreeSet<>();
    try (Checkpoint one = Checkpoints.open(left);
        Checkpoint other = Checkpoints.open(right)) {
      for (String name : one.tensors().keySet()) {
        if (!digest(one, name).equals(digest(other, name))) {
          changed.add(name);
        }
      }
    }
    return changed;
  }

  /** Root of the summed squares of what differs. */
  private static double distance(Path left, Path right) throws IOException {
    double sum = 0;
    try (Checkpoint one = Checkpoints.open(left);
        Checkpoint other = Checkpoints.open(right)) {
      for (TensorInfo info : one.tensors().values()) {
        short[] before = new short[(int) info.elementCount()];
        short[] after = before.clone();
        one.data(info.name()).copyTo(0, before, 0, before.length);
        other.data(info.name()).copyTo(0, after, 0, after.length);
        for (int i = 0; i < before.length; i++) {
          double delta = BFloat16.toFloat(after[i]) - BFloat16.toFloat(before[i]);
          sum += delta * delta;
        }
      }
    }
    return Math.sqrt(sum);
  }

  private static String digest(Checkpoint checkpoint, String name) throws IOException {
    return TensorDigest.of(checkpoint.data(name), ProgressListener.none()).sha256();
  }
}
