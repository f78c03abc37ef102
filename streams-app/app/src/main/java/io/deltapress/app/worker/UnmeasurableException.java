package io.deltapress.app.worker;

/** This delta cannot be measured here; what becomes of it is for its policy to say. */
final class UnmeasurableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnmeasurableException(String reason) {
    super(reason);
  }

  UnmeasurableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
