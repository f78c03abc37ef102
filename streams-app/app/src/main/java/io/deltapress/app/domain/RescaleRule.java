package io.deltapress.app.domain;

import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.DeltaSubmission;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The factor q by which kept values are divided: 1 - p for DARE, chosen and at least that for
 * DAREx-q, 1 for magnitude pruning, whose kept values stand for themselves.
 */
final class RescaleRule {
  /** 1 - p as somebody else's arithmetic may have rounded it, relative to its size. */
  private static final double TOLERANCE = 1e-6;

  private RescaleRule() {}

  /** The message about a factor that does not fit the method; its prune rate is a probability. */
  static Optional<String> broken(DeltaSubmission submission) {
    Double given = submission.getRescale();
    double least = 1 - submission.getPruneRate();
    if (submission.getMethod() == CompressionMethod.DARE) {
      return given == null || Math.abs(given - least) <= TOLERANCE * least
          ? Optional.empty()
          : Optional.of(
              "rescale %s does not fit DARE at pruneRate %s: leave it out, or use DAREX_Q"
                  .formatted(given, submission.getPruneRate()));
    }
    return submission.getMethod() == CompressionMethod.DAREX_Q
        ? brokenForDarexQ(submission, given, least)
        : Optional.empty();
  }

  private static Optional<String> brokenForDarexQ(
      DeltaSubmission submission, @Nullable Double given, double least) {
    if (given == null) {
      return Optional.of("rescale is missing: DAREX_Q needs the factor q to divide by");
    }
    boolean allowed = isPositiveInBinary32(given) && given >= least * (1 - TOLERANCE);
    return allowed
        ? Optional.empty()
        : Optional.of(
            "rescale %s does not fit DAREX_Q at pruneRate %s: use a number that is positive and at"
                    .formatted(given, submission.getPruneRate())
                + " least 1 - pruneRate");
  }

  /** The division is done in binary32. */
  private static boolean isPositiveInBinary32(double factor) {
    float single = (float) factor;
    return single > 0 && single < Float.POSITIVE_INFINITY;
  }

  /** The factor in force. */
  static double effective(DeltaSubmission submission) {
    return switch (submission.getMethod()) {
      case DAREX_Q -> submission.getRescale();
      case DARE -> keptShare(submission.getPruneRate());
      case MAGNITUDE, UNKNOWN -> 1;
    };
  }

  /** Nothing is kept at p = 1, so nothing is divided; the factor must still be a positive one. */
  private static double keptShare(double pruneRate) {
    return pruneRate == 1 ? 1 : 1 - pruneRate;
  }
}
