package io.deltapress.djl.rescale;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.evaluate.Scorer;
import io.deltapress.djl.importance.CalibrationBatch;
import io.deltapress.djl.importance.CalibrationRun;
import io.deltapress.djl.importance.CalibrationText;
import io.deltapress.djl.importance.LayerCalibration;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.artifact.TensorScope;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Finds rescale factors for a pruned delta (DAREx-q), by pruning the model in memory and looking at
 * what it does.
 *
 * <p>Deterministic for given inputs, seeds and number of threads. The device holds one float32
 * model and what one batch needs, the heap 8 bytes per pruned parameter; see {@link CalibrationRun}
 * and {@link OutputChange} for the rest.
 */
public final class RescaleFitter {

  /** Sequences of a step of the gradient descent, as published. */
  private static final int SEQUENCES_PER_STEP = 8;

  /**
   * Finds factors.
   *
   * @param base a Hugging Face directory
   * @param fineTuned a Hugging Face directory of the same shape, with tokenizer.json
   * @param request how
   * @param listener told of everything that was tried
   * @return the factors; where nothing or everything is dropped, 1
   * @throws io.deltapress.format.BadInputException when a model or a line of a file is unusable
   * @throws IOException when a file cannot be read
   */
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  public RescaleFit fit(Path base, Path fineTuned, RescaleRequest request, RescaleListener listener)
      throws IOException {
    TensorScope scope;
    try (Checkpoint checkpoint = Checkpoints.open(fineTuned)) {
      scope = TensorScope.of(request.include(), request.exclude(), checkpoint);
    }
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        PrunedModel pruned =
            PrunedModel.open(manager, base, fineTuned, scope::prunes, request.method());
        TextTokenizer tokenizer = ModelDirectory.tokenizer(fineTuned)) {
      return new Fitting(pruned, tokenizer, request, listener).fit();
    }
  }

  /** One search. What needs the fine-tune's own outputs is made before anything is pruned. */
  private record Fitting(
      PrunedModel pruned,
      TextTokenizer tokenizer,
      RescaleRequest request,
      RescaleListener listener) {

    RescaleFit fit() throws IOException {
      if (request.pruneRate() == 0 || request.pruneRate() == 1) {
        return search(new OnlyOne());
      }
      return switch (request.strategy()) {
        case GLOBAL -> search(new GlobalSearch(request.pruneRate()));
        case ANALYTIC ->
            search(new AnalyticSearch(request.pruneRate(), layerFactors(), calibrated(), pruned));
        case SHAPED -> search(new ShapedSearch(request.pruneRate(), layerFactors(), calibrated()));
        case GRADIENT -> descend();
      };
    }

    private RescaleFit search(FactorSearch search) throws IOException {
      try (ModelObjective objective = objective()) {
        return search(search, objective);
      }
    }

    private RescaleFit descend() throws IOException {
      HeldOutBatches batches =
          HeldOutBatches.of(
              CalibrationText.read(calibration(), tokenizer, model(), SEQUENCES_PER_STEP));
      if (batches.heldOut().isEmpty()) {
        throw BadInputException.of(
            calibration(), "has no token whose prediction counts; give longer text");
      }
      try (OutputChange descended = OutputChange.ofTopLogits(model(), batches.training());
          OutputChange objective = OutputChange.ofTopLogits(model(), batches.heldOut())) {
        GradientSearch search =
            new GradientSearch(pruned, descended, request, layerFactors(), model().linearLayers());
        return search(search, objective);
      }
    }

    private RescaleFit search(FactorSearch search, ModelObjective objective) throws IOException {
      FactorMeasure measure = new FactorMeasure(pruned, objective, request, listener);
      Trials trials = search.search(measure);
      Trial best = trials.best();
      return new RescaleFit(
          request.strategy(),
          request.pruneRate(),
          search.factors(best.value()),
          best.value(),
          objective.name(),
          best.figure(),
          trials);
    }

    private ModelObjective objective() throws IOException {
      if (request.objective() == RescaleObjective.VALIDATION) {
        return new TaskScore(Scorer.of(model(), tokenizer, request.validation(), null));
      }
      List<CalibrationBatch> batches = CalibrationText.read(calibration(), tokenizer, model());
      if (request.objective() == RescaleObjective.DIVERGENCE) {
        return OutputChange.ofDivergence(model(), batches);
      }
      return OutputChange.ofFamily(model(), batches);
    }

    private Map<String, LayerCalibration> calibrated() throws IOException {
      List<CalibrationBatch> batches = CalibrationText.read(calibration(), tokenizer, model());
      return CalibrationRun.of(model(), batches, pruned);
    }

    private LayerFactors layerFactors() {
      List<LinearLayer> layers = model().linearLayers();
      return new LayerFactors(layers, request.pruneRate());
    }

    private Path calibration() {
      return request.calibration();
    }

    private TransformerModel model() {
      return pruned.model();
    }
  }

  /** Where masks keep all or nothing there is nothing to choose. */
  private record OnlyOne() implements FactorSearch {

    @Override
    public RescaleFactors factors(double value) {
      return RescaleFactors.of(value);
    }

    @Override
    public Trials search(FactorMeasure measure) throws IOException {
      return new Trials(measure.goal(), List.of(new Trial(1, measure.of(1, factors(1)))));
    }
  }
}
