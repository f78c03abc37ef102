package io.deltapress.app.cli;

/**
 * Somebody asked the process to stop in the middle of the work. Thrown from inside the work, so
 * that every half-written file is removed on the way out.
 */
final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitNumber;

  StoppedException(int exitNumber) {
    super("stopped before the end; nothing was left half-written");
    this.exitNumber = exitNumber;
  }

  /** 128 + the number of the signal, as shells have it. */
  int exitNumber() {
    return exitNumber;
  }
}
