package io.deltapress.djl.select;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.evaluate.Scorer;
import io.deltapress.djl.importance.CalibrationText;
import io.deltapress.djl.importance.WandaNorms;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.PatchedModel;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.rescale.ModelObjective;
import io.deltapress.djl.rescale.OutputChange;
import io.deltapress.djl.rescale.RescaleFit;
import io.deltapress.djl.rescale.RescaleFitter;
import io.deltapress.djl.rescale.TaskScore;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.InputNorms;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.TensorScope;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how to prune a delta: makes the artifact of every candidate, puts it on the loaded base,
 * and measures, by labels if there are some, else by how far outputs move from the fine-tune's. The
 * published decision flow (DAREx: are deltas large? then importance, else random drop) is reported
 * beside the measurement, which alone decides.
 *
 * <p>The device holds two float32 models while a factor is searched, one otherwise. Artifacts are
 * written to a temporary directory, which is removed.
 */
public final class MethodSelector {

  private final DigestCache digests;

  /**
   * Prepares to choose.
   *
   * @param digests where checksums of checkpoints are looked up
   */
  public MethodSelector(DigestCache digests) {
    this.digests = digests;
  }

  /**
   * Chooses.
   *
   * @param base a Hugging Face directory
   * @param fineTuned a Hugging Face directory of the same shape, with tokenizer.json
   * @param request what for
   * @param listener told of every candidate
   * @return the choice
   * @throws io.deltapress.format.BadInputException when a model or a line of a file is unusable
   * @throws IOException when a file cannot be read or written
   */
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  public Selection select(
      Path base, Path fineTuned, SelectionRequest request, SelectionListener listener)
      throws IOException {
    InputNorms norms = WandaNorms.measure(fineTuned, request.calibration());
    Path scratch = Files.createTempDirectory("deltapress-select");
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        PatchedModel served = PatchedModel.open(manager, base, digests);
        Checkpoint left = Checkpoints.open(base);
        Checkpoint right = Checkpoints.open(fineTuned)) {
      served.apply(right);
      try (ModelObjective objective = objective(served.model(), fineTuned, request)) {
        Trying trying =
            new Trying(base, fineTuned, left, right, request, norms, served, objective, listener);
        return trying.all(scratch.resolve("candidate.safetensors"));
      }
    } finally {
      Files.deleteIfExists(scratch.resolve("candidate.safetensors"));
      Files.deleteIfExists(scratch);
    }
  }

  private static ModelObjective objective(
      TransformerModel model, Path fineTuned, SelectionRequest request) throws IOException {
    try (TextTokenizer tokenizer = ModelDirectory.tokenizer(fineTuned)) {
      if (request.validation() != null) {
        return new TaskScore(Scorer.of(model, tokenizer, request.validation(), null));
      }
      return OutputChange.ofFamily(
          model, CalibrationText.read(request.calibration(), tokenizer, model));
    }
  }

  /** One choice under way. */
  private final class Trying {
    private final Path base;
    private final Path fineTuned;
    private final Checkpoint left;
    private final Checkpoint right;
    private final SelectionRequest request;
    private final InputNorms norms;
    private final PatchedModel served;
    private final ModelObjective objective;
    private final SelectionListener listener;
    private double meanAbsolute;

    Trying(
        Path base,
        Path fineTuned,
        Checkpoint left,
        Checkpoint right,
        SelectionRequest request,
        InputNorms norms,
        PatchedModel served,
        ModelObjective objective,
        SelectionListener listener) {
      this.base = base;
      this.fineTuned = fineTuned;
      this.left = left;
      this.right = right;
      this.request = request;
      this.norms = norms;
      this.served = served;
      this.objective = objective;
      this.listener = listener;
    }

    Selection all(Path artifact) throws IOException {
      List<Measurement> measurements = new ArrayList<>();
      for (Candidate candidate : Candidate.ALL) {
        Measurement measurement = measure(candidate, artifact);
        measurements.add(measurement);
        listener.measured(measurement, measurements.size(), Candidate.ALL.size());
      }
      served.undo();
      double weights = meanAbsoluteWeight();
      return new Selection(
          request.pruneRate(),
          new DeltaSize(meanAbsolute, weights == 0 ? 0 : meanAbsolute / weights),
          objective.name(),
          objective.goal(),
          measurements);
    }

    private Measurement measure(Candidate candidate, Path artifact) throws IOException {
      RescaleFit fit = fit(candidate);
      CompressionSettings.Builder settings = request.settings(candidate.method(), norms);
      if (fit != null) {
        settings.rescale(fit.factors());
      }
      CompressionSettings built = settings.build();
      CompressionSummary summary =
          new DeltaCompressor(digests)
              .compress(left, right, built, artifact, Long.MAX_VALUE, ProgressListener.none());
      meanAbsolute = summary.statistics().meanAbsolute();
      try (DeltaArtifact delta = DeltaArtifact.open(artifact)) {
        served.apply(delta);
      }
      return new Measurement(
          candidate, built.rescale(), fit, objective.measure(), summary.artifactBytes());
    }

    private @Nullable RescaleFit fit(Candidate candidate) throws IOException {
      if (candidate.strategy() == null) {
        return null;
      }
      return new RescaleFitter()
          .fit(base, fineTuned, request.rescale(candidate, candidate.strategy()), listener);
    }

    /** Of the base, over what is pruned. */
    private double meanAbsoluteWeight() throws IOException {
      CompressionSettings settings =
          TensorScope.resolve(request.settings(Method.DARE, norms).build(), right);
      TensorScope scope = new TensorScope(settings.include(), settings.exclude());
      double sum = 0;
      long count = 0;
      for (String name : served.model().weights().arrays().keySet()) {
        if (scope.prunes(name)) {
          float[] values = served.model().weights().read(name);
          for (float value : values) {
            sum += Math.abs(value);
          }
          count += values.length;
        }
      }
      return count == 0 ? 0 : sum / count;
    }
  }
}
