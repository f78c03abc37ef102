package io.deltapress.app.cli;

import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.schemas.DeltaSubmission;
import org.jspecify.annotations.Nullable;

/** What {@code submit delta} says of a submission; its fields are those of the JSON document. */
record SubmissionDocument(
    String submissionId,
    String tenant,
    String model,
    String baseDigest,
    String fineTunedDigest,
    String method,
    double pruneRate,
    @Nullable Double rescale,
    @Nullable Long seed,
    String values,
    @Nullable Boolean usePolicy,
    String outcome,
    @Nullable Integer version,
    @Nullable String reasonCode,
    @Nullable String message) {

  static SubmissionDocument of(DeltaSubmission submission) {
    return new SubmissionDocument(
        submission.getSubmissionId(),
        submission.getTenant(),
        submission.getModel(),
        submission.getBaseDigest(),
        submission.getFineTunedDigest(),
        WireCompression.nameOf(submission.getMethod()),
        submission.getPruneRate(),
        submission.getRescale(),
        submission.getSeed(),
        WireCompression.nameOf(submission.getValues()),
        submission.getUsePolicy() ? true : null,
        "submitted",
        null,
        null,
        null);
  }

  SubmissionDocument with(SubmissionOutcome end) {
    EndDocument ended = EndDocument.of(end, "published");
    return new SubmissionDocument(
        submissionId,
        tenant,
        model,
        baseDigest,
        fineTunedDigest,
        method,
        pruneRate,
        rescale,
        seed,
        values,
        usePolicy,
        ended.outcome(),
        ended.version(),
        ended.reasonCode(),
        ended.message());
  }

  String text() {
    TextTable table =
        new TextTable()
            .row("submission", submissionId)
            .row("model", tenant + "/" + model)
            .row("base digest", baseDigest)
            .row("fine-tuned digest", fineTunedDigest)
            .row(
                "method",
                usePolicy != null
                    ? "left to the policy"
                    : "%s, p %s, q %s"
                        .formatted(
                            method,
                            Figures.number(pruneRate),
                            rescale == null ? "the method's own" : Figures.number(rescale)))
            .row("values", usePolicy != null ? "left to the policy" : values)
            .row("outcome", EndDocument.text(outcome, version));
    return table.text();
  }
}
