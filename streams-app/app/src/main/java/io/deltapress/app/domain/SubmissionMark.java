package io.deltapress.app.domain;

import io.deltapress.schemas.DeltaSubmission;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * That a submission came: a submission id counts once per model.
 *
 * @param fingerprint of what was asked for; tells a repeated request from a reused id
 */
public record SubmissionMark(String fingerprint, Instant seenAt) {

  /** The mark of a submission that comes now. */
  static SubmissionMark of(DeltaSubmission submission, Instant now) {
    return new SubmissionMark(fingerprint(submission), now);
  }

  /** Where the mark is kept. Two slashes tell the parts apart, since no valid part contains one. */
  static String key(DeltaSubmission submission) {
    return submission.getTenant()
        + "/"
        + submission.getModel()
        + "/"
        + submission.getSubmissionId();
  }

  /**
   * SHA-256 over what is asked for. Who asks and when is left out: a client that tries again does
   * so later.
   */
  private static String fingerprint(DeltaSubmission submission) {
    return Checksums.sha256(
        lines(
                submission.getBaseDigest(),
                submission.getFineTunedLocation(),
                submission.getFineTunedDigest(),
                submission.getMethod(),
                submission.getPruneRate(),
                submission.getRescale(),
                submission.getValues(),
                submission.getSeed(),
                submission.getInclude(),
                submission.getExclude(),
                submission.getExpectedVersion())
            // Nothing is added for others, so that marks of earlier releases hold.
            + (submission.getUsePolicy() ? "\npolicy" : ""));
  }

  private static String lines(Object... values) {
    return Arrays.stream(values).map(String::valueOf).collect(Collectors.joining("\n"));
  }
}
