package io.deltapress.app.cli;

/** The command line asks for something that is not on offer; the message is the whole line. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
