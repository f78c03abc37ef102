package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.evaluate.TaskFile;
import io.deltapress.djl.importance.CalibrationBatch;
import io.deltapress.djl.importance.CalibrationText;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoArraysLeft.class)
class RescaleFitterTest {

  private static final double PRUNE_RATE = .9;
  private static final List<Long> SEEDS = List.of(1L, 2L);
  private static final Map<RescaleStrategy, RescaleFit> FITS = new EnumMap<>(RescaleStrategy.class);

  @TempDir private static Path shared;
  private static TinyPair pair;

  @TempDir private Path directory;

  @BeforeAll
  static void writePair() throws IOException {
    pair = TinyPair.write(shared, random -> .01 * random.nextGaussian());
  }

  @ParameterizedTest
  @EnumSource(RescaleStrategy.class)
  void shouldFindFactorsThatMoveOutputsLessThanDare(RescaleStrategy strategy) throws IOException {
    // Given
    double dare = fit(RescaleStrategy.SHAPED).trials().all().get(0).figure();

    // When
    RescaleFit fit = fit(strategy);

    // Then: the descent measures on other, held-out text, where its first factors are all but
    // DARE's
    double first = fit.trials().all().get(0).figure();
    assertThat(fit.objective()).isLessThan(strategy == RescaleStrategy.GRADIENT ? first : dare);
    assertThat(fit.factors().common()).isBetween(.1, 1.0);
    assertThat(fit.factors().perTensor().values())
        .allSatisfy(q -> assertThat(q).isBetween(.1, 1.0));
    assertThat(fit.factors().perTensor()).hasSize(strategy == RescaleStrategy.GLOBAL ? 0 : 14);
    assertThat(fit.evaluations()).isEqualTo(fit.trials().all().size());
    assertThat(fit.measured()).isEqualTo("top-5 logit error");
  }

  @Test
  void shouldGiveEverythingElseTheMeanOfAllLayers() throws IOException {
    // When
    RescaleFit fit = fit(RescaleStrategy.ANALYTIC);

    // Then
    double mean =
        fit.factors().perTensor().values().stream().mapToDouble(q -> q).average().orElseThrow();
    assertThat(fit.factors().factor("model.norm.weight")).isCloseTo(mean, within(1e-12));
    assertThat(new HashSet<>(fit.factors().perTensor().values())).hasSizeGreaterThan(5);
  }

  @Test
  void shouldFindTheSameAgain() throws IOException {
    // When
    RescaleFit once = fit(RescaleStrategy.ANALYTIC);
    RescaleFit again = fit(request(RescaleStrategy.ANALYTIC));

    // Then
    assertThat(again).isEqualTo(once);
  }

  /** Fits are searched once for all tests. */
  private static RescaleFit fit(RescaleStrategy strategy) throws IOException {
    RescaleFit fit = FITS.get(strategy);
    if (fit == null) {
      fit = fit(request(strategy));
      FITS.put(strategy, fit);
    }
    return fit;
  }

  private static RescaleRequest request(RescaleStrategy strategy) {
    return RescaleRequest.byOutputChange(strategy, PRUNE_RATE, pair.calibration(), SEEDS);
  }

  private static RescaleFit fit(RescaleRequest request) throws IOException {
    return new RescaleFitter().fit(pair.base(), pair.fineTuned(), request, RescaleListener.none());
  }

  /** Through artifacts, whole models and loops over logits. */
  @Test
  void shouldMeasureWhatArtifactsOfTheseFactorsDo() throws IOException {
    // Given
    RescaleFit fit = fit(RescaleStrategy.ANALYTIC);

    // When
    double slow = 0;
    for (long seed : SEEDS) {
      slow += topLogitError(served(fit.factors(), seed)) / SEEDS.size();
    }

    // Then: artifacts are rounded to bf16
    assertThat(fit.objective()).isCloseTo(slow, within(.03 * slow));
  }

  private Path served(RescaleFactors factors, long seed) throws IOException {
    Path artifact = directory.resolve(seed + ".safetensors");
    Path out = directory.resolve("served-" + seed);
    DigestCache cache = new DigestCache(directory.resolve("cache"));
    CompressionSettings settings =
        CompressionSettings.builder(Method.DAREX_Q, PRUNE_RATE).rescale(factors).seed(seed).build();
    try (Checkpoint base = Checkpoints.open(pair.base());
        Checkpoint fineTuned = Checkpoints.open(pair.fineTuned())) {
      new DeltaCompressor(cache)
          .compress(base, fineTuned, settings, artifact, 1 << 20, ProgressListener.none());
      try (DeltaArtifact delta = DeltaArtifact.open(artifact)) {
        new DeltaApplier(cache).apply(base, delta, out, ProgressListener.none());
      }
    }
    return out;
  }

  private static double topLogitError(Path directory) throws IOException {
    double sum = 0;
    int count = 0;
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel expected = ModelDirectory.load(manager, pair.fineTuned());
        TransformerModel found = ModelDirectory.load(manager, directory);
        TextTokenizer tokenizer = ModelDirectory.tokenizer(pair.base());
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      for (CalibrationBatch batch : CalibrationText.read(pair.calibration(), tokenizer, expected)) {
        float[] right = expected.logits(batch.inputs()).toFloatArray();
        float[] wrong = found.logits(batch.inputs()).toFloatArray();
        int width = expected.config().vocabularySize();
        for (long token : batch.realTokens()) {
          int from = (int) token * width;
          List<Integer> order = new ArrayList<>(IntStream.range(0, width).boxed().toList());
          order.sort(Comparator.comparingDouble(id -> -right[from + id]));
          for (int id : order.subList(0, 5)) {
            sum += Math.pow(right[from + id] - wrong[from + id], 2);
            count++;
          }
        }
      }
    }
    return sum / count;
  }

  @Test
  void shouldSearchByLabelsAndByDivergenceToo() throws IOException {
    // Given
    Path tasks = directory.resolve("tasks.jsonl");
    TaskFile.write(tasks, List.of(new Task("w1 w2", "w3"), new Task("w4", "w5")));

    // When
    RescaleFit labelled =
        fit(RescaleRequest.byValidation(RescaleStrategy.GLOBAL, PRUNE_RATE, tasks, SEEDS));
    RescaleFit divergence =
        fit(
            new RescaleRequest(
                RescaleStrategy.GLOBAL,
                RescaleObjective.DIVERGENCE,
                Method.DAREX_Q,
                PRUNE_RATE,
                tasks,
                null,
                SEEDS,
                List.of(),
                List.of()));

    // Then: nobody taught the model an answer, so all factors are equals and the first one wins
    assertThat(labelled.parameter()).isEqualTo(.1);
    assertThat(labelled.objective()).isZero();
    assertThat(labelled.measured()).isEqualTo("exact-match");
    assertThat(divergence.measured()).isEqualTo("KL divergence");
    assertThat(divergence.objective()).isPositive();
  }

  @Test
  void shouldLeaveNothingToChooseWhereNothingIsDropped() throws IOException {
    // When
    RescaleFit fit =
        fit(RescaleRequest.byOutputChange(RescaleStrategy.SHAPED, 0, pair.calibration(), SEEDS));

    // Then
    assertThat(fit.factors()).isEqualTo(RescaleFactors.of(1));
    assertThat(fit.objective()).isCloseTo(0, within(1e-9));
  }

  @Test
  void shouldEndTheDescentAtAGradientThatIsNotFinite() throws IOException {
    // Given: outputs of a delta that overflows
    TinyPair broken = TinyPair.write(directory, random -> 1e30 * random.nextGaussian());
    RescaleRequest request =
        RescaleRequest.byOutputChange(
            RescaleStrategy.GRADIENT, PRUNE_RATE, broken.calibration(), List.of(1L));

    // When
    RescaleFit fit =
        new RescaleFitter().fit(broken.base(), broken.fineTuned(), request, RescaleListener.none());

    // Then
    assertThat(fit.evaluations()).isEqualTo(1);
    assertThat(fit.factors().common()).isFinite();
  }

  @Test
  void shouldTellTheListenerOfEveryTrial() throws IOException {
    // Given
    List<Trial> told = new ArrayList<>();

    // When
    RescaleFit fit =
        new RescaleFitter()
            .fit(
                pair.base(),
                pair.fineTuned(),
                RescaleRequest.byOutputChange(
                    RescaleStrategy.GLOBAL, PRUNE_RATE, pair.calibration(), SEEDS),
                (strategy, trial, number) -> told.add(trial));

    // Then
    assertThat(told).isEqualTo(fit.trials().all());
  }

  @Test
  void shouldSayWhatARequestLacks() {
    // When
    assertThatThrownBy(
            () ->
                new RescaleRequest(
                    RescaleStrategy.GLOBAL,
                    RescaleObjective.VALIDATION,
                    Method.DAREX_Q,
                    .9,
                    pair.calibration(),
                    null,
                    SEEDS,
                    List.of(),
                    List.of()))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("validation needs labelled tasks");
    assertThatThrownBy(
            () ->
                RescaleRequest.byValidation(
                    RescaleStrategy.GRADIENT, .9, pair.calibration(), SEEDS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a score has no gradient; use the output change");
    assertThatThrownBy(
            () ->
                new RescaleRequest(
                    RescaleStrategy.GRADIENT,
                    RescaleObjective.DIVERGENCE,
                    Method.DAREX_Q,
                    .9,
                    pair.calibration(),
                    null,
                    SEEDS,
                    List.of(),
                    List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("only the output change is descended; choose it as the objective");
  }
}
