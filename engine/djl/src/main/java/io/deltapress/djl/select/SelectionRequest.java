package io.deltapress.djl.select;

import io.deltapress.djl.rescale.RescaleObjective;
import io.deltapress.djl.rescale.RescaleRequest;
import io.deltapress.djl.rescale.RescaleStrategy;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.InputNorms;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.ValueCode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to choose a method for.
 *
 * @param pruneRate the prune rate p, 0 to 1
 * @param seed of the masks of the artifact
 * @param values how kept values are written
 * @param include globs of the tensors to prune
 * @param exclude globs of tensors not to prune
 * @param calibration text of the kind the model will see, never that which it is judged by
 * @param validation labelled tasks to choose by, never those the model is judged by; null to choose
 *     by the change of outputs
 */
public record SelectionRequest(
    double pruneRate,
    long seed,
    ValueCode values,
    List<String> include,
    List<String> exclude,
    Path calibration,
    @Nullable Path validation) {

  RescaleRequest rescale(Candidate candidate, RescaleStrategy strategy) {
    return new RescaleRequest(
        strategy,
        validation == null ? RescaleObjective.OUTPUT_CHANGE : RescaleObjective.VALIDATION,
        candidate.method(),
        pruneRate,
        calibration,
        validation,
        RescaleRequest.seedsOf(seed),
        include,
        exclude);
  }

  CompressionSettings.Builder settings(Method method, InputNorms norms) {
    return CompressionSettings.builder(method, pruneRate)
        .seed(seed)
        .values(values)
        .include(include)
        .exclude(exclude)
        .inputNorms(norms);
  }
}
