package io.deltapress.app.domain;

import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.DeltaSubmission;
import java.util.Optional;
import java.util.Set;

/**
 * The factor q by which kept values are divided: 1 - p for DARE, chosen and at least that for
 * DAREx-q and structural pruning, 1 for importance pruning, whose kept values stand for themselves.
 */
final class RescaleRule {
  /** 1 - p as somebody else's arithmetic may have rounded it, relative to its size. */
  private static final double TOLERANCE = 1e-6;

  /** Methods whose q may be chosen. */
  private static final Set<CompressionMethod> DIVIDES_BY_CHOICE =
      Set.of(CompressionMethod.DAREX_Q, CompressionMethod.STRUCTURAL);

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
    if (!DIVIDES_BY_CHOICE.contains(submission.getMethod())) {
      return Optional.empty();
    }
    if (given == null) {
      return submission.getMethod() == CompressionMethod.DAREX_Q
          ? Optional.of("rescale is missing: DAREX_Q needs the factor q to divide by")
          : Optional.empty();
    }
    return brokenChoice(submission, given, least);
  }

  private static Optional<String> brokenChoice(
      DeltaSubmission submission, double given, double least) {
    boolean allowed = isPositiveInBinary32(given) && given >= least * (1 - TOLERANCE);
    return allowed
        ? Optional.empty()
        : Optional.of(
            "rescale %s does not fit %s at pruneRate %s: use a number that is positive and at least"
                    .formatted(given, submission.getMethod(), submission.getPruneRate())
                + " 1 - pruneRate");
  }

  /** The division is done in binary32. */
  private static boolean isPositiveInBinary32(double factor) {
    float single = (float) factor;
    return single > 0 && single < Float.POSITIVE_INFINITY;
  }

  /** The factor in force. */
  static double effective(DeltaSubmission submission) {
    Double given = submission.getRescale();
    return DIVIDES_BY_CHOICE.contains(submission.getMethod()) && given != null
        ? given
        : ofMethod(submission.getMethod(), submission.getPruneRate());
  }

  /** The factor of a method where nobody chose one. */
  static double ofMethod(CompressionMethod method, double pruneRate) {
    return switch (method) {
      case DARE, DAREX_Q, STRUCTURAL -> keptShare(pruneRate);
      case MAGNITUDE, WANDA, AUTO, UNKNOWN -> 1;
    };
  }

  /** Nothing is kept at p = 1, so nothing is divided; the factor must still be a positive one. */
  private static double keptShare(double pruneRate) {
    return pruneRate == 1 ? 1 : 1 - pruneRate;
  }
}
