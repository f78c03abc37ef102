package io.deltapress.app.cli.client;

import org.jspecify.annotations.Nullable;

/** How a request ended. */
public sealed interface SubmissionOutcome {

  /**
   * It did what it asked for.
   *
   * @param version that it made, and that is the head; null if it made none
   */
  record Published(@Nullable Integer version) implements SubmissionOutcome {}

  /**
   * It is an edit, and the model answers so already.
   *
   * @param version that does; null if nobody said
   */
  record AlreadyTrue(@Nullable Integer version) implements SubmissionOutcome {}

  /** It was turned down because of what it asked for, or a newer one took its place. */
  record Rejected(String reasonCode, String message) implements SubmissionOutcome {}

  /** The pipeline could not carry it through. */
  record DeadLettered(String reasonCode, String message) implements SubmissionOutcome {}
}
