package io.deltapress.app.domain;

import io.deltapress.format.mask.MaskSeed;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.ValueCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Decides whether a submission is right in itself, whatever the state of its model. */
public final class SubmissionValidator {
  /** The methods a submission or a policy may name. */
  static final String METHODS = "DARE, DAREX_Q, MAGNITUDE or STRUCTURAL";

  private final RequestRules requestRules;

  /** Rules in the order in which a person would want to hear of them. */
  private static final List<Function<DeltaSubmission, Optional<Refusal>>> RULES =
      List.of(
          SubmissionValidator::weights,
          unlessLeftToPolicy(SubmissionValidator::codes),
          unlessLeftToPolicy(SubmissionValidator::pruneRate),
          unlessLeftToPolicy(SubmissionValidator::rescale),
          submission -> RequestRules.expectedVersion(submission.getExpectedVersion()));

  public SubmissionValidator(TenantRule tenantRule) {
    this.requestRules = new RequestRules(tenantRule, "submission id", "topics");
  }

  private static Function<DeltaSubmission, Optional<Refusal>> unlessLeftToPolicy(
      Function<DeltaSubmission, Optional<Refusal>> rule) {
    return submission -> submission.getUsePolicy() ? Optional.empty() : rule.apply(submission);
  }

  /** The first rule that is broken. */
  public Optional<Refusal> broken(DeltaSubmission submission, RequestSource source) {
    return requestRules.broken(UncheckedRequest.of(submission, source), RULES, submission);
  }

  private static Optional<Refusal> weights(DeltaSubmission submission) {
    if (submission.getFineTunedLocation().isBlank()) {
      return RequestRules.invalid(
          "fineTunedLocation is empty: say where the fine-tuned weights are");
    }
    return RequestRules.digest("baseDigest", submission.getBaseDigest())
        .or(() -> RequestRules.digest("fineTunedDigest", submission.getFineTunedDigest()));
  }

  private static Optional<Refusal> codes(DeltaSubmission submission) {
    CompressionMethod method = submission.getMethod();
    if (method == CompressionMethod.UNKNOWN) {
      return RequestRules.invalid("method is unknown to this release: use " + METHODS);
    }
    if (method == CompressionMethod.WANDA || method == CompressionMethod.AUTO) {
      return Optional.of(
          new Refusal(
              ReasonCode.UNSUPPORTED_REQUEST,
              "method %s is not in the stream yet: use %s".formatted(method, METHODS)));
    }
    return submission.getValues() == ValueCode.UNKNOWN
        ? RequestRules.invalid(
            "values is unknown to this release: use EXACT, BF16, F16, INT8 or INT4")
        : Optional.empty();
  }

  private static Optional<Refusal> pruneRate(DeltaSubmission submission) {
    double pruneRate = submission.getPruneRate();
    return pruneRate >= 0 && pruneRate <= 1
        ? Optional.empty()
        : RequestRules.invalid(
            "pruneRate %s is not a probability: use 0 to 1".formatted(pruneRate));
  }

  private static Optional<Refusal> rescale(DeltaSubmission submission) {
    return RescaleRule.broken(submission).flatMap(RequestRules::invalid);
  }

  /** The request to plan, with everything filled in that the submitter may leave out. */
  public DeltaRequest request(DeltaSubmission submission, RequestSource source) {
    return new DeltaRequest(
        submission.getSubmissionId(),
        submission.getTenant(),
        submission.getModel(),
        submission.getBaseDigest(),
        submission.getFineTunedLocation(),
        submission.getFineTunedDigest(),
        submission.getMethod(),
        submission.getPruneRate(),
        RescaleRule.effective(submission),
        submission.getValues(),
        seed(submission),
        List.copyOf(submission.getInclude()),
        List.copyOf(submission.getExclude()),
        submission.getUsePolicy(),
        submission.getExpectedVersion(),
        submission.getRequestedBy(),
        submission.getSubmittedAt(),
        source);
  }

  private static long seed(DeltaSubmission submission) {
    Long given = submission.getSeed();
    return given != null
        ? given
        : MaskSeed.derive(
            submission.getTenant(),
            new WeightsDigest(submission.getBaseDigest()),
            new WeightsDigest(submission.getFineTunedDigest()));
  }
}
