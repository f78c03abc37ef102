package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.djl.rescale.RescaleFit;
import io.deltapress.djl.rescale.RescaleFitter;
import io.deltapress.djl.rescale.RescaleRequest;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.Calibrate;
import io.deltapress.schemas.Calibrated;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.CompressionSettings;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.TensorRescale;
import io.deltapress.schemas.ValueCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateHandlerTest {
  private static final Path REFERENCE = Path.of("../../engine/djl/reference");
  private static final double PRUNE_RATE = 0.99;

  @TempDir Path host;
  private Sources sources;
  private DigestCache digests;

  @BeforeEach
  void layOut() throws IOException {
    Path reference = REFERENCE.toRealPath();
    Path tasks = Files.createDirectories(host.toRealPath().resolve("tasks"));
    List<String> lines =
        Files.readAllLines(reference.resolve("tasks/router-validation.jsonl")).subList(0, 16);
    Files.write(tasks.resolve("calibration.jsonl"), lines);
    Files.write(tasks.resolve("canary.jsonl"), lines.subList(15, 16));
    sources =
        new Sources(
            SourceRoots.of("bases.roots", List.of(reference)),
            Map.of("acme", SourceRoots.of("sources.acme.roots", List.of(reference, tasks))));
    digests = new DigestCache(host.resolve("cache"));
  }

  private static Calibrate work(Calibrate like, String fineTuned) {
    return new Calibrate(
        like.getBaseDigest(),
        like.getBaseLocation(),
        fineTuned,
        like.getCompression(),
        like.getStrategy(),
        like.getCalibrationLocation(),
        like.getCanaries());
  }

  private static Calibrate work(RescaleStrategy strategy, List<Canary> canaries)
      throws IOException {
    return work(CompressionMethod.DAREX_Q, strategy, canaries);
  }

  private static Calibrate work(
      CompressionMethod method, RescaleStrategy strategy, List<Canary> canaries)
      throws IOException {
    return new Calibrate(
        ReferenceModels.read(REFERENCE).base().weightsDigest(),
        "base",
        "router",
        new CompressionSettings(
            method,
            PRUNE_RATE,
            1 - PRUNE_RATE,
            7L,
            ValueCode.EXACT,
            List.of(),
            List.of(),
            List.of()),
        strategy,
        "calibration.jsonl",
        canaries);
  }

  private Calibrated fit(Calibrate work, long memoryBytes) throws Exception {
    try (TaskSources taskSources = new TaskSources(sources, "acme", "router");
        ScratchDirectory scratch = ScratchDirectory.open(host.resolve("scratch"));
        BaseSlot bases = new BaseSlot(digests, memoryBytes)) {
      return new CalibrateHandler(new TrustedBase(digests), scratch, bases)
          .handle(work, taskSources, ProgressListener.none());
    }
  }

  @Test
  void shouldFindOneFactorThatIsLargerThanWhatDareDividesBy() throws Exception {
    // When
    Calibrated found = fit(work(RescaleStrategy.OUTPUT_CHANGE, List.of()), 1L << 32);

    // Then
    assertThat(found.getUnfittable()).isNull();
    assertThat(found.getRescale()).isGreaterThan(1 - PRUNE_RATE).isEqualTo(found.getParameter());
    assertThat(found.getRescalePerTensor()).isEmpty();
    assertThat(found.getEvaluations()).isGreaterThan(3);
    assertThat(found.getText())
        .startsWith("q " + found.getRescale() + ", ")
        .endsWith(" after %d trials".formatted(found.getEvaluations()));
  }

  @Test
  void shouldFindFactorsOfSingleTensorsWhenTheStrategyHasThem() throws Exception {
    // When
    Calibrated found = fit(work(RescaleStrategy.SHAPED, List.of()), 1L << 32);

    // Then
    assertThat(found.getRescalePerTensor())
        .extracting(TensorRescale::getTensor)
        .contains("model.layers.0.mlp.down_proj.weight")
        .isSorted();
    assertThat(found.getRescalePerTensor())
        .allSatisfy(own -> assertThat(own.getRescale()).isBetween(1 - PRUNE_RATE - 1e-9, 10.0));
  }

  @Test
  void shouldFitOnMasksOfTheMethodOfTheRung() throws Exception {
    // Given
    RescaleRequest request =
        RescaleRequest.byOutputChange(
                io.deltapress.djl.rescale.RescaleStrategy.GLOBAL,
                PRUNE_RATE,
                host.toRealPath().resolve("tasks/calibration.jsonl"),
                RescaleRequest.seedsOf(7))
            .with(Method.STRUCTURAL);
    RescaleFit expected =
        new RescaleFitter()
            .fit(
                REFERENCE.resolve("base"),
                REFERENCE.resolve("router"),
                request,
                (strategy, trial, number) -> {});

    // When
    Calibrated structural =
        fit(work(CompressionMethod.STRUCTURAL, RescaleStrategy.OUTPUT_CHANGE, List.of()), 1L << 32);

    // Then
    assertThat(structural.getUnfittable()).isNull();
    assertThat(structural.getObjective()).isEqualTo(expected.objective());
  }

  @Test
  void shouldFitOnABareFileWithWhatElseAModelNeedsFromItsBase() throws Exception {
    // Given
    Files.copy(
        REFERENCE.resolve("router/model.safetensors"),
        host.toRealPath().resolve("tasks/bare.safetensors"));
    Calibrate bare = work(work(RescaleStrategy.OUTPUT_CHANGE, List.of()), "bare.safetensors");

    // When
    Calibrated found = fit(bare, 1L << 32);

    // Then
    assertThat(found.getUnfittable()).isNull();
    assertThat(found.getRescale()).isGreaterThan(1 - PRUNE_RATE);
    assertThat(host.resolve("scratch/tasks")).isEmptyDirectory();
  }

  @Test
  void shouldSayThatNothingCanBeFittedWhenTheSearchIsLargerThanTheBudget() throws Exception {
    // When
    Calibrated found = fit(work(RescaleStrategy.OUTPUT_CHANGE, List.of()), 64L << 20);

    // Then
    assertThat(found.getUnfittable())
        .startsWith("q cannot be fitted: the base needs about ")
        .endsWith(" MiB and a model may take 64 MiB: raise worker.memory.bytes");
  }

  @Test
  void shouldRefuseToCalibrateOnWhatIsMeasured() throws Exception {
    // Given
    Canary canary = new Canary("tickets", "canary.jsonl", null, CanaryMetric.EXACT_MATCH);
    Calibrate work = work(RescaleStrategy.OUTPUT_CHANGE, List.of(canary));

    // When / Then
    assertThatThrownBy(() -> fit(work, 1L << 32))
        .isInstanceOf(TaskRefusedException.class)
        .hasMessage(
            "Task file calibration.jsonl shares 1 tasks with canary tickets; calibrate on and preserve"
                + " tasks that nothing is measured on");
  }
}
