package io.deltapress.app.worker;

import io.deltapress.djl.rescale.RescaleFit;
import io.deltapress.djl.rescale.RescaleFitter;
import io.deltapress.djl.rescale.RescaleListener;
import io.deltapress.djl.rescale.RescaleRequest;
import io.deltapress.djl.rescale.RescaleStrategy;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.TensorScope;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.schemas.Calibrate;
import io.deltapress.schemas.Calibrated;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.TensorRescale;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Fits the rescale factors of one rung, on tasks that nothing is measured on. */
final class CalibrateHandler {
  private static final double NANOS = 1e9;

  private final TrustedBase trustedBase;
  private final ScratchDirectory scratch;
  private final BaseSlot bases;
  private final RescaleFitter fitter = new RescaleFitter();

  CalibrateHandler(TrustedBase trustedBase, ScratchDirectory scratch, BaseSlot bases) {
    this.trustedBase = trustedBase;
    this.scratch = scratch;
    this.bases = bases;
  }

  Calibrated handle(Calibrate work, TaskSources sources, ProgressListener progress)
      throws IOException, InterruptedException, LocationRefusedException, TaskRefusedException {
    long started = System.nanoTime();
    Checkpoint base = sources.base(work.getBaseLocation());
    trustedBase.require(base, work.getBaseLocation(), work.getBaseDigest(), progress);
    Checkpoint fineTuned = sources.fineTuned(work.getFineTunedLocation());
    TaskFiles.canaries(work.getCanaries(), work.getCalibrationLocation(), sources);
    try {
      bases.makeRoomToFit(base);
      RescaleFit fit = fit(work, base, fineTuned, sources, progress);
      return calibrated(fit, (System.nanoTime() - started) / NANOS);
    } catch (UnmeasurableException | BadInputException e) {
      return Calibrated.newBuilder()
          .setRescale(0)
          .setRescalePerTensor(List.of())
          .setParameter(0)
          .setObjective(0)
          .setEvaluations(0)
          .setSeconds((System.nanoTime() - started) / NANOS)
          .setText("")
          .setUnfittable(
              Outcomes.line("q cannot be fitted: " + sources.concealed("" + e.getMessage())))
          .build();
    }
  }

  private RescaleFit fit(
      Calibrate work,
      Checkpoint base,
      Checkpoint fineTuned,
      TaskSources sources,
      ProgressListener progress)
      throws IOException, LocationRefusedException, TaskRefusedException {
    CompressionSettings settings =
        TensorScope.resolve(WireSettings.of(work.getCompression()), fineTuned);
    // An interrupted task ends at the next trial.
    RescaleListener listener = (strategy, trial, number) -> progress.advanced(0);
    RescaleRequest request =
        request(work, calibrationFile(work, sources), settings)
            .with(settings.method())
            .pruning(included(settings), settings.exclude());
    try (WholeModel whole = WholeModel.of(base, fineTuned, scratch, progress)) {
      return fitter.fit(base.path(), whole.directory(), request, listener);
    }
  }

  /** Settings are resolved: none mean all, and not what the family of a merged copy would mean. */
  private static List<String> included(CompressionSettings settings) {
    return settings.include().isEmpty() && settings.exclude().isEmpty()
        ? List.of("*")
        : settings.include();
  }

  private static Path calibrationFile(Calibrate work, TaskSources sources)
      throws IOException, LocationRefusedException, TaskRefusedException {
    String location = work.getCalibrationLocation();
    if (location == null) {
      throw new TaskRefusedException(
          ReasonCode.INVALID_REQUEST, "The policy names no calibration file; give one");
    }
    return TaskFiles.file(location, sources);
  }

  private static RescaleRequest request(
      Calibrate work, Path calibration, CompressionSettings settings) throws IOException {
    double pruneRate = settings.pruneRate();
    List<Long> seeds = RescaleRequest.seedsOf(settings.seed());
    return switch (work.getStrategy()) {
      case VALIDATION ->
          RescaleRequest.byValidation(RescaleStrategy.GLOBAL, pruneRate, calibration, seeds);
      case OUTPUT_CHANGE ->
          RescaleRequest.byOutputChange(RescaleStrategy.GLOBAL, pruneRate, calibration, seeds);
      case ANALYTIC ->
          RescaleRequest.byOutputChange(RescaleStrategy.ANALYTIC, pruneRate, calibration, seeds);
      case SHAPED ->
          RescaleRequest.byOutputChange(RescaleStrategy.SHAPED, pruneRate, calibration, seeds);
      case GIVEN, UNKNOWN ->
          throw new IOException("The task names a strategy this worker does not know; upgrade it");
    };
  }

  private static Calibrated calibrated(RescaleFit fit, double seconds) {
    List<TensorRescale> own =
        fit.factors().perTensor().entrySet().stream()
            .map(factor -> new TensorRescale(factor.getKey(), factor.getValue()))
            .toList();
    return Calibrated.newBuilder()
        .setRescale(fit.factors().common())
        .setRescalePerTensor(own)
        .setParameter(fit.parameter())
        .setObjective(fit.objective())
        .setEvaluations(fit.evaluations())
        .setSeconds(seconds)
        .setText(
            String.format(
                Locale.ROOT,
                "%s %s, %s %.4g after %d trials",
                fit.strategy().parameter(),
                fit.parameter(),
                fit.measured(),
                fit.objective(),
                fit.evaluations()))
        .build();
  }
}
