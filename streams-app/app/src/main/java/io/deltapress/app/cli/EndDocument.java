package io.deltapress.app.cli;

import io.deltapress.app.cli.client.SubmissionOutcome;
import org.jspecify.annotations.Nullable;

/**
 * How a request ended, as fields of a JSON document.
 *
 * @param outcome submitted as long as it has not ended
 */
record EndDocument(
    String outcome,
    @Nullable Integer version,
    @Nullable String reasonCode,
    @Nullable String message) {

  /**
   * @param end null as long as it has not ended
   * @param done what is said of one that did what was asked
   */
  static EndDocument of(@Nullable SubmissionOutcome end, String done) {
    if (end == null) {
      return new EndDocument("submitted", null, null, null);
    }
    if (end instanceof SubmissionOutcome.Published published) {
      return new EndDocument(done, published.version(), null, null);
    }
    if (end instanceof SubmissionOutcome.AlreadyTrue already) {
      return new EndDocument("already-true", already.version(), null, null);
    }
    if (end instanceof SubmissionOutcome.Rejected rejected) {
      return new EndDocument("rejected", null, rejected.reasonCode(), rejected.message());
    }
    SubmissionOutcome.DeadLettered dead = (SubmissionOutcome.DeadLettered) end;
    return new EndDocument("dead-lettered", null, dead.reasonCode(), dead.message());
  }

  static String text(String outcome, @Nullable Integer version) {
    if (version == null) {
      return outcome;
    }
    return switch (outcome) {
      case "already-true" -> outcome + " in version " + version;
      case "done" -> outcome + ", the head is version " + version;
      default -> outcome + " as version " + version;
    };
  }
}
