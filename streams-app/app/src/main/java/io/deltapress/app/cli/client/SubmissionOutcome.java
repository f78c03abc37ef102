package io.deltapress.app.cli.client;

/** How a submission ended. */
public sealed interface SubmissionOutcome {

  /** It became a version, and that version the head. */
  record Published(int version) implements SubmissionOutcome {}

  /** It was turned down because of what it asked for, or a newer one took its place. */
  record Rejected(String reasonCode, String message) implements SubmissionOutcome {}

  /** The pipeline could not carry it through. */
  record DeadLettered(String reasonCode, String message) implements SubmissionOutcome {}
}
