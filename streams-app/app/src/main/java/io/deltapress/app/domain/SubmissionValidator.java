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

  private final TenantRule tenantRule;

  /** Rules in the order in which a person would want to hear of them. */
  private final List<Function<Candidate, Optional<Verdict.Invalid>>> rules =
      List.of(
          SubmissionValidator::names,
          this::tenant,
          SubmissionValidator::submitter,
          SubmissionValidator::weights,
          unlessLeftToPolicy(SubmissionValidator::codes),
          unlessLeftToPolicy(SubmissionValidator::pruneRate),
          unlessLeftToPolicy(SubmissionValidator::rescale),
          SubmissionValidator::expectedVersion);

  public SubmissionValidator(TenantRule tenantRule) {
    this.tenantRule = tenantRule;
  }

  private record Candidate(DeltaSubmission submission, RequestSource source) {}

  private static Function<Candidate, Optional<Verdict.Invalid>> unlessLeftToPolicy(
      Function<Candidate, Optional<Verdict.Invalid>> rule) {
    return candidate ->
        candidate.submission().getUsePolicy() ? Optional.empty() : rule.apply(candidate);
  }

  /** The request to plan, or the first rule that is broken. */
  public Verdict validate(DeltaSubmission submission, RequestSource source) {
    Candidate candidate = new Candidate(submission, source);
    for (Function<Candidate, Optional<Verdict.Invalid>> rule : rules) {
      Optional<Verdict.Invalid> broken = rule.apply(candidate);
      if (broken.isPresent()) {
        return broken.get();
      }
    }
    return new Verdict.Valid(request(submission, source));
  }

  private static Optional<Verdict.Invalid> names(Candidate candidate) {
    DeltaSubmission submission = candidate.submission();
    if (!Names.isSubmissionId(submission.getSubmissionId())) {
      return invalid(
          ReasonCode.INVALID_NAME,
          "submission id \"%s\" is not allowed: use 1 to 128 of A-Z a-z 0-9 . _ - and end with a"
                  .formatted(Names.forMessage(submission.getSubmissionId()))
              + " letter or digit");
    }
    return name("tenant", submission.getTenant()).or(() -> name("model", submission.getModel()));
  }

  private static Optional<Verdict.Invalid> name(String what, String name) {
    return Names.isTenantOrModel(name)
        ? Optional.empty()
        : invalid(
            ReasonCode.INVALID_NAME,
            "%s \"%s\" is not allowed: use 1 to 63 of a-z 0-9 . _ - and start and end with a letter"
                    .formatted(what, Names.forMessage(name))
                + " or digit");
  }

  private Optional<Verdict.Invalid> tenant(Candidate candidate) {
    String tenant = candidate.submission().getTenant();
    String topic = candidate.source().topic();
    return tenantRule.allows(tenant, topic)
        ? Optional.empty()
        : invalid(
            ReasonCode.TENANT_NOT_ALLOWED,
            "records of topic %s may not name tenant %s: submit on a topic listed in tenants.%s.topics"
                .formatted(topic, tenant, tenant));
  }

  private static Optional<Verdict.Invalid> submitter(Candidate candidate) {
    return candidate.submission().getRequestedBy().isBlank()
        ? invalidRequest("requestedBy is empty: name the person or service that asks")
        : Optional.empty();
  }

  private static Optional<Verdict.Invalid> weights(Candidate candidate) {
    DeltaSubmission submission = candidate.submission();
    if (submission.getFineTunedLocation().isBlank()) {
      return invalidRequest("fineTunedLocation is empty: say where the fine-tuned weights are");
    }
    return digest("baseDigest", submission.getBaseDigest())
        .or(() -> digest("fineTunedDigest", submission.getFineTunedDigest()));
  }

  private static Optional<Verdict.Invalid> digest(String field, String digest) {
    return Names.isDigest(digest)
        ? Optional.empty()
        : invalidRequest(
            "%s \"%s\" is not a weights digest: it has 64 characters of 0-9 a-f"
                .formatted(field, Names.forMessage(digest)));
  }

  private static Optional<Verdict.Invalid> codes(Candidate candidate) {
    CompressionMethod method = candidate.submission().getMethod();
    if (method == CompressionMethod.UNKNOWN) {
      return invalidRequest("method is unknown to this release: use " + METHODS);
    }
    if (method == CompressionMethod.WANDA || method == CompressionMethod.AUTO) {
      return invalid(
          ReasonCode.UNSUPPORTED_REQUEST,
          "method %s is not in the stream yet: use %s".formatted(method, METHODS));
    }
    return candidate.submission().getValues() == ValueCode.UNKNOWN
        ? invalidRequest("values is unknown to this release: use EXACT, BF16, F16, INT8 or INT4")
        : Optional.empty();
  }

  private static Optional<Verdict.Invalid> pruneRate(Candidate candidate) {
    double pruneRate = candidate.submission().getPruneRate();
    return pruneRate >= 0 && pruneRate <= 1
        ? Optional.empty()
        : invalidRequest("pruneRate %s is not a probability: use 0 to 1".formatted(pruneRate));
  }

  private static Optional<Verdict.Invalid> rescale(Candidate candidate) {
    return RescaleRule.broken(candidate.submission()).flatMap(SubmissionValidator::invalidRequest);
  }

  private static Optional<Verdict.Invalid> expectedVersion(Candidate candidate) {
    Integer expected = candidate.submission().getExpectedVersion();
    return expected == null || expected >= 0
        ? Optional.empty()
        : invalidRequest(
            "expectedVersion %d is negative: use 0 for a model without a version"
                .formatted(expected));
  }

  private static Optional<Verdict.Invalid> invalidRequest(String message) {
    return invalid(ReasonCode.INVALID_REQUEST, message);
  }

  private static Optional<Verdict.Invalid> invalid(ReasonCode reason, String message) {
    return Optional.of(new Verdict.Invalid(reason, message));
  }

  private static DeltaRequest request(DeltaSubmission submission, RequestSource source) {
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
