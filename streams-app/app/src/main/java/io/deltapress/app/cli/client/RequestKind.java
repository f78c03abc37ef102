package io.deltapress.app.cli.client;

import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.RegistryEvent;
import java.util.Optional;

/** What can be asked for, which says by what event it ends well. */
public enum RequestKind {
  /** A fine-tune: its version becomes the head. */
  DELTA,
  /** An edit: it is applied in a version, or holds already. */
  EDIT,
  /** A request about what is there: it is done, perhaps with a version of its own. */
  CONTROL;

  /**
   * The good end that an event tells of, if it does.
   *
   * @param event about a request of this kind
   */
  public Optional<SubmissionOutcome> endToldBy(RegistryEvent event) {
    return switch (event.getType()) {
      case EventTypes.HEAD_MOVED -> this == DELTA ? published(event) : Optional.empty();
      case EventTypes.EDIT_APPLIED -> this == EDIT ? published(event) : Optional.empty();
      case EventTypes.EDIT_ALREADY_TRUE ->
          Optional.of(new SubmissionOutcome.AlreadyTrue(event.getVersion()));
      case EventTypes.CONTROL_DONE -> published(event);
      default -> Optional.empty();
    };
  }

  private static Optional<SubmissionOutcome> published(RegistryEvent event) {
    return Optional.of(new SubmissionOutcome.Published(event.getVersion()));
  }
}
