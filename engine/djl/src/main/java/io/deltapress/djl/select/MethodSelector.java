package io.deltapress.djl.select;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.evaluate.Scorer;
import io.deltapress.djl.importance.CalibrationText;
import io.deltapress.djl.importance.WandaNorms;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.model.PatchedModel;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.rescale.ModelObjective;
import io.deltapress.djl.rescale.OutputChange;
import io.deltapress.djl.rescale.TaskScore;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.InputNorms;
import io.deltapress.format.artifact.TensorScope;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
  public Selection select(
      Path base, Path fineTuned, SelectionRequest request, SelectionListener listener)
      throws IOException {
    InputNorms norms = WandaNorms.measure(fineTuned, request.calibration());
    Path scratch = Files.createTempDirectory("deltapress-select");
    Path artifact = scratch.resolve("candidate.safetensors");
    try (DeltaPair pair = DeltaPair.open(base, fineTuned)) {
      return select(new CandidateArtifacts(pair, request, norms, digests, artifact), listener);
    } finally {
      Files.deleteIfExists(artifact);
      Files.deleteIfExists(scratch);
    }
  }

  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  private Selection select(CandidateArtifacts artifacts, SelectionListener listener)
      throws IOException {
    DeltaPair pair = artifacts.pair();
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        PatchedModel served = PatchedModel.open(manager, pair.baseDirectory(), digests)) {
      double weight = meanAbsolute(served.model().weights(), scope(artifacts));
      served.apply(pair.fineTuned());
      try (ModelObjective objective = objective(served.model(), artifacts)) {
        return measureAll(artifacts, served, objective, weight, listener);
      }
    }
  }

  private static ModelObjective objective(TransformerModel model, CandidateArtifacts artifacts)
      throws IOException {
    SelectionRequest request = artifacts.request();
    try (TextTokenizer tokenizer =
        ModelDirectory.tokenizer(artifacts.pair().fineTunedDirectory())) {
      if (request.validation() != null) {
        return new TaskScore(Scorer.of(model, tokenizer, request.validation(), null));
      }
      return OutputChange.ofFamily(
          model, CalibrationText.read(request.calibration(), tokenizer, model));
    }
  }

  private static Selection measureAll(
      CandidateArtifacts artifacts,
      PatchedModel served,
      ModelObjective objective,
      double meanAbsoluteWeight,
      SelectionListener listener)
      throws IOException {
    List<Measurement> measurements = new ArrayList<>();
    double meanAbsolute = 0;
    for (Candidate candidate : Candidate.ALL) {
      CandidateArtifacts.Made made = artifacts.make(candidate, listener);
      meanAbsolute = made.statistics().meanAbsolute();
      try (DeltaArtifact delta = DeltaArtifact.open(artifacts.file())) {
        served.apply(delta);
      }
      Measurement measurement =
          new Measurement(
              candidate, made.settings().rescale(), made.fit(), objective.measure(), made.bytes());
      measurements.add(measurement);
      listener.measured(measurement, measurements.size(), Candidate.ALL.size());
    }
    double relative = meanAbsoluteWeight == 0 ? 0 : meanAbsolute / meanAbsoluteWeight;
    return new Selection(
        artifacts.request().pruneRate(),
        new DeltaSize(meanAbsolute, relative),
        objective.name(),
        objective.goal(),
        measurements);
  }

  private static TensorScope scope(CandidateArtifacts artifacts) throws IOException {
    SelectionRequest request = artifacts.request();
    return TensorScope.of(request.include(), request.exclude(), artifacts.pair().fineTuned());
  }

  private static double meanAbsolute(ModelWeights weights, TensorScope scope) {
    double sum = 0;
    long count = 0;
    for (String name : weights.arrays().keySet()) {
      if (scope.prunes(name)) {
        float[] values = weights.read(name);
        for (float value : values) {
          sum += Math.abs(value);
        }
        count += values.length;
      }
    }
    return count == 0 ? 0 : sum / count;
  }
}
