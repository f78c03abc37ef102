package io.deltapress.app.cli.client;

import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.RegistryEvent;
import java.util.Optional;
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

  /**
   * The good end that an event tells of, if it does; the head moves last, in the same transaction
   * as everything before it.
   */
  static Optional<SubmissionOutcome> toldBy(RegistryEvent event) {
    if (event.getSubmissionId() == null) {
      return Optional.empty();
    }
    return switch (event.getType()) {
      case EventTypes.HEAD_MOVED, EventTypes.EDIT_APPLIED, EventTypes.CONTROL_DONE ->
          Optional.of(new Published(event.getVersion()));
      case EventTypes.EDIT_ALREADY_TRUE -> Optional.of(new AlreadyTrue(event.getVersion()));
      default -> Optional.empty();
    };
  }
}
