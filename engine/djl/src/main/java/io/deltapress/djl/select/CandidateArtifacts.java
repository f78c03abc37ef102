package io.deltapress.djl.select;

import io.deltapress.djl.rescale.RescaleFit;
import io.deltapress.djl.rescale.RescaleFitter;
import io.deltapress.djl.rescale.RescaleListener;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.InputNorms;
import io.deltapress.format.delta.DeltaStatistics;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Makes the artifact of one candidate after the other, in the same file.
 *
 * @param pair what the artifacts turn into what
 * @param request what for
 * @param norms of the inputs of linear layers, for those candidates that look at them
 * @param digests where checksums of checkpoints are looked up
 * @param file where to write
 */
record CandidateArtifacts(
    DeltaPair pair, SelectionRequest request, InputNorms norms, DigestCache digests, Path file) {

  /**
   * What was made.
   *
   * @param settings of the artifact
   * @param fit how its factors were found; null where they are the method's own
   * @param bytes its length
   * @param statistics of the whole delta
   */
  record Made(
      CompressionSettings settings,
      @Nullable RescaleFit fit,
      long bytes,
      DeltaStatistics statistics) {}

  Made make(Candidate candidate, RescaleListener listener) throws IOException {
    CompressionSettings.Builder settings = request.settings(candidate.method(), norms);
    RescaleFit fit = fit(candidate, listener);
    if (fit != null) {
      settings.rescale(fit.factors());
    }
    CompressionSettings built = settings.build();
    CompressionSummary summary =
        new DeltaCompressor(digests)
            .compress(
                pair.base(),
                pair.fineTuned(),
                built,
                file,
                Long.MAX_VALUE,
                ProgressListener.none());
    return new Made(built, fit, summary.artifactBytes(), summary.statistics());
  }

  private @Nullable RescaleFit fit(Candidate candidate, RescaleListener listener)
      throws IOException {
    if (candidate.strategy() == null) {
      return null;
    }
    return new RescaleFitter()
        .fit(
            pair.baseDirectory(),
            pair.fineTunedDirectory(),
            request.rescale(candidate, candidate.strategy()),
            listener);
  }
}
