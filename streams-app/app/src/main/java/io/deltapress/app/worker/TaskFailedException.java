package io.deltapress.app.worker;

import io.deltapress.schemas.ReasonCode;

/** This worker could not do a task that another try or another worker may do. */
final class TaskFailedException extends Exception {
  private final ReasonCode reason;

  TaskFailedException(ReasonCode reason, String message) {
    super(message);
    this.reason = reason;
  }

  ReasonCode reason() {
    return reason;
  }
}
