package io.deltapress.djl.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.PatchedModel;
import io.deltapress.djl.train.LoraOptions;
import io.deltapress.djl.train.Regularization;
import io.deltapress.djl.train.TrainingRecipe;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoArraysLeft.class)
class StudyTest {

  private static final List<Technique> TECHNIQUES =
      List.of(
          Technique.DARE,
          Technique.DAREX_Q_OUTPUT_CHANGE,
          Technique.DAREX_Q_SHAPED,
          Technique.MAGNITUDE,
          Technique.WANDA);

  @TempDir private static Path reference;
  @TempDir private static Path out;
  private static Study.Measured measured;

  @TempDir private Path directory;

  @BeforeAll
  static void runOnce() throws IOException {
    TinyReference.make(reference);
    measured = run(out, StudyListener.none());
  }

  @Test
  void shouldMeasureEveryCellThroughRealArtifacts() throws IOException {
    // When
    long expectedBytes = bytes(2);

    // Then
    assertThat(measured.cells()).hasSize(2 * TECHNIQUES.size());
    assertThat(measured.reused()).isZero();
    assertThat(measured.fineTunes()).singleElement().extracting("name").isEqualTo("router");
    Cell dare = cell(Technique.DARE, 0.9);
    assertThat(dare.measurements()).extracting(Measurement::seed).containsExactly(1L, 2L);
    assertThat(dare.rescale().common()).isEqualTo(0.1);
    assertThat(dare.measurements().get(1).bytes()).isEqualTo(expectedBytes);
    assertThat(cell(Technique.WANDA, 0.9).measurements()).hasSize(1);
  }

  @Test
  void shouldGiveTheFineTuneItselfWhenNothingIsDropped() {
    for (Technique technique : TECHNIQUES) {
      // When
      Cell whole = cell(technique, 0);

      // Then
      assertThat(whole.outputChange().mean()).as(technique.label()).isZero();
      assertThat(whole.score().mean()).isEqualTo(measured.fineTunes().get(0).score());
    }
    assertThat(cell(Technique.DARE, 0.9).outputChange().mean()).isPositive();
  }

  @Test
  void shouldChooseTheFactorOfTheSmallestOutputChange() {
    // When
    RescaleChoice choice = cell(Technique.DAREX_Q_OUTPUT_CHANGE, 0.9).rescale();

    // Then
    double smallest =
        choice.trials().stream().mapToDouble(trial -> trial.figure()).min().orElseThrow();
    assertThat(choice.trials())
        .filteredOn(trial -> trial.value() == choice.common())
        .first()
        .satisfies(trial -> assertThat(trial.figure()).isEqualTo(smallest));
    assertThat(choice.common()).isBetween(0.1, 1.0);
    assertThat(cell(Technique.DAREX_Q_SHAPED, 0.9).rescale().perTensor()).isNotEmpty();
  }

  @Test
  void shouldGoOnWhereItStoppedWhenEndedInTheMiddle() throws IOException {
    // Given
    assertThatThrownBy(() -> run(directory, new StopAfter(8))).hasMessage("enough");
    Files.writeString(
        directory.resolve("cells.jsonl"), "{\"key\":{\"fineTune", StandardOpenOption.APPEND);

    // When
    Study.Measured resumed = run(directory, StudyListener.none());

    // Then
    assertThat(resumed.reused()).isBetween(1, measured.cells().size() - 1);
    assertThat(resumed.cells()).isEqualTo(measured.cells());
    assertThat(resumed.sizes()).isEqualTo(measured.sizes());
    assertThat(directory.resolve("worker-0.safetensors")).doesNotExist();
  }

  @Test
  void shouldFindTheSmallestArtifactThatKeepsTheValidationScore() {
    // When
    SizeRow row = measured.sizes().get(0);

    // Then
    assertThat(row.key().values()).isEqualTo(ValueCode.INT8);
    assertThat(row.found()).isTrue();
    double unpruned = measured.fineTunes().get(0).validationScore();
    assertThat(row.validation()).isGreaterThanOrEqualTo(unpruned - SizeRow.ONE_POINT);
    assertThat(row.headerBytes()).isBetween(8L, row.bytes());
    assertThat(row.ratioWithoutHeader()).isGreaterThan(row.ratio());
  }

  @Test
  void shouldWeighGeneratedPairsByTheirKeptValues() {
    // When
    GeneratedSize steep =
        measured.generated().stream()
            .filter(size -> size.pruneRate() == 0.99)
            .findFirst()
            .orElseThrow();

    // Then
    assertThat(steep.parameters()).isEqualTo(1 << 20);
    // One byte per kept value, two more per group of 128, and the header.
    double values = 0.01 * (1 << 20) * (1 + 2.0 / 128);
    assertThat((double) steep.bytes()).isBetween(0.97 * values, 1.03 * values + 1500);
    assertThat(steep.ratio()).isEqualTo((double) (2 << 20) / steep.bytes());
  }

  @Test
  void shouldTrainOnceAndFindTheModelsAgain() throws IOException {
    // Given
    ShippedFineTunes shipped = ShippedFineTunes.read(reference);
    AtomicInteger steps = new AtomicInteger();
    StudyListener counting = listener(text -> steps.incrementAndGet());
    List<TrainedDecoder> recipes =
        List.of(
            new TrainedDecoder(
                "pulled",
                DeltaKind.L2,
                "router",
                0.01,
                1,
                new Regularization(Regularization.Norm.L2, 0.1),
                null),
            new TrainedDecoder(
                "adapter", DeltaKind.LORA, "router", 0.01, 1, null, LoraOptions.of(2)));

    for (TrainedDecoder recipe : recipes) {
      // When
      FineTune first = recipe.make(shipped, directory, counting);
      FineTune second = recipe.make(shipped, directory, counting);

      // Then
      assertThat(second).isEqualTo(first);
      assertThat(first.directory().resolve("config.json")).exists();
    }
    assertThat(steps).hasValue(recipes.size());
    assertThat(recipes.get(1).make(shipped, directory, counting).origin())
        .isEqualTo("trained: rate 0.01, 1 steps, LoRA of rank 2, merged");
  }

  @Test
  void shouldStudyAClassifierOnAnEncoderOfItsOwn() throws IOException {
    // Given
    TrainedFineTune encoder =
        new TrainedEncoder(
            "encoder", TrainingRecipe.encoderBase().withSteps(1).withBatchSize(2), 0.001, 1);
    StudyPlan plan =
        new StudyPlan(
            List.of(encoder),
            List.of(0.9),
            List.of(Technique.DARE, Technique.WANDA),
            List.of(1L),
            List.of(1001L),
            new SampleSizes(4, 4, 2),
            new StudyPlan.SizePlan(List.of(0.9), List.of(), List.of(), List.of()));
    Path withoutTenants = Files.createDirectory(directory.resolve("reference"));
    Files.writeString(
        withoutTenants.resolve("reference.json"),
        """
        {"base": {"name": "b", "directory": "b", "task": "t", "weightsDigest": "00"},
         "tenants": []}
        """);

    // When
    Study.Measured study =
        Study.run(
            new StudyOptions(directory.resolve("out"), withoutTenants, 1),
            plan,
            StudyListener.none());

    // Then
    assertThat(study.fineTunes()).extracting(FineTuneFacts::kind).containsOnly(DeltaKind.ENCODER);
    assertThat(study.cells()).hasSize(2);
    assertThat(study.cells().get(0).outputChange().mean()).isPositive();
  }

  @Test
  void shouldRefuseToTestOnWhatChoicesAreMadeBy() throws IOException {
    // Given
    FineTune clean = ShippedFineTunes.read(reference).all().get(0);
    FineTune calibrated = tested(clean, clean.calibration());
    FineTune validated = tested(clean, clean.validation());
    try (NDManager manager = TensorRuntime.newManager();
        PatchedModel base =
            PatchedModel.open(manager, clean.base(), new DigestCache(directory.resolve("cache")))) {
      for (FineTune shared : List.of(calibrated, validated)) {

        // When
        assertThatThrownBy(() -> LoadedFineTune.open(shared, base))
            // Then
            .isInstanceOf(BadInputException.class)
            .hasMessageStartingWith(shared.test() + ": shares ")
            .hasMessageEndingWith(
                " tasks with "
                    + shared.test()
                    + ", which is to judge the result; give text that is not in it");
      }
    }
  }

  private static FineTune tested(FineTune fineTune, Path test) {
    return new FineTune(
        fineTune.name(),
        fineTune.kind(),
        fineTune.task(),
        fineTune.origin(),
        fineTune.base(),
        fineTune.directory(),
        test,
        fineTune.validation(),
        fineTune.calibration());
  }

  @Test
  void shouldRefuseADirectoryThatHoldsSomethingElse() throws IOException {
    // Given
    Files.writeString(directory.resolve("thesis.txt"), "mine");

    // When
    assertThatThrownBy(() -> run(directory, StudyListener.none()))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            directory
                + ": holds something else than a study; give a new directory, or that of a study");
  }

  @Test
  void shouldRefuseADirectoryInWhichAnotherStudyRuns() throws IOException {
    // Given
    StudyListener nested =
        listener(
            text -> {
              try {
                run(directory, StudyListener.none());
              } catch (IOException e) {
                throw new IllegalStateException(e.getMessage(), e);
              }
            });

    // When
    assertThatThrownBy(() -> run(directory, nested))
        // Then
        .hasMessage(directory + ": another study is running there; wait, or give another one");
  }

  private static Study.Measured run(Path out, StudyListener listener) throws IOException {
    return Study.run(new StudyOptions(out, reference, 2), plan(), listener);
  }

  private static StudyPlan plan() {
    return new StudyPlan(
        List.of(),
        List.of(0.0, 0.9),
        TECHNIQUES,
        List.of(1L, 2L),
        List.of(1001L),
        new SampleSizes(8, 8, 4),
        new StudyPlan.SizePlan(
            List.of(0.0, 0.9),
            List.of(Technique.DARE),
            List.of(ValueCode.INT8),
            List.of(new long[] {1024, 1024})));
  }

  private static Cell cell(Technique technique, double pruneRate) {
    return measured.cells().stream()
        .filter(c -> c.key().technique() == technique && c.key().pruneRate() == pruneRate)
        .findFirst()
        .orElseThrow();
  }

  private long bytes(long seed) throws IOException {
    Path out = directory.resolve("expected.safetensors");
    try (Checkpoint base = Checkpoints.open(reference.resolve("base"));
        Checkpoint fineTuned = Checkpoints.open(reference.resolve("router"))) {
      CompressionSettings settings =
          CompressionSettings.builder(Method.DARE, 0.9).rescale(0.1).seed(seed).build();
      new DeltaCompressor(new DigestCache(directory.resolve("cache")))
          .compress(base, fineTuned, settings, out, 1L << 28, ProgressListener.none());
    }
    return Files.size(out);
  }

  private interface Worked {
    void on(String text);
  }

  private static StudyListener listener(Worked worked) {
    return new StudyListener() {
      @Override
      public void begun(int parts) {}

      @Override
      public void done() {}

      @Override
      public void working(String text) {
        worked.on(text);
      }
    };
  }

  private static final class StopAfter implements StudyListener {
    private final AtomicInteger left;

    StopAfter(int parts) {
      left = new AtomicInteger(parts);
    }

    @Override
    public void begun(int parts) {}

    @Override
    public void done() {
      if (left.decrementAndGet() <= 0) {
        throw new IllegalStateException("enough");
      }
    }

    @Override
    public void working(String text) {}
  }
}
