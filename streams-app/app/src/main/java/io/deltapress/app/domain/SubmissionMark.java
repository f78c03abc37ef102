package io.deltapress.app.domain;

import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditSubmission;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * That a request came: its id counts once per model, whatever it asks for.
 *
 * @param fingerprint of what was asked for; tells a repeated request from a reused id
 */
public record SubmissionMark(String fingerprint, Instant seenAt) {

  /** What stands where the fingerprint of an erased request was: it is like no other. */
  private static final String ERASED = "erased";

  /** The mark of a delta that comes now. */
  static SubmissionMark of(DeltaSubmission submission, Instant now) {
    return new SubmissionMark(fingerprint(submission), now);
  }

  /** The mark of an edit that comes now. */
  static SubmissionMark of(EditSubmission submission, Instant now) {
    return new SubmissionMark(
        Checksums.sha256(
            lines(
                "edit",
                submission.getPrompt(),
                submission.getTarget(),
                submission.getSubject(),
                submission.getGroundTruth(),
                submission.getRephrasings(),
                submission.getLocality(),
                submission.getPortability(),
                submission.getDataSubject(),
                submission.getBaseDigest(),
                submission.getExpectedVersion())),
        now);
  }

  /** The mark of a control request that comes now. */
  static SubmissionMark of(ControlRequest request, Instant now) {
    return new SubmissionMark(
        Checksums.sha256(
            lines(
                "control",
                request.getAction(),
                request.getEditIds(),
                request.getDataSubject(),
                request.getSubmissionId(),
                request.getVersion(),
                request.getExpectedVersion(),
                request.getReason())),
        now);
  }

  boolean isErased() {
    return fingerprint.equals(ERASED);
  }

  /** The same without a trace of what was asked for. */
  public SubmissionMark erased() {
    return new SubmissionMark(ERASED, seenAt);
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
