package io.deltapress.app.worker;

import io.deltapress.schemas.ReasonCode;

/** A task cannot be done for a reason that lies in the request: asking again would not help. */
final class TaskRefusedException extends Exception {
  private final ReasonCode reason;

  TaskRefusedException(ReasonCode reason, String message) {
    super(message);
    this.reason = reason;
  }

  ReasonCode reason() {
    return reason;
  }
}
