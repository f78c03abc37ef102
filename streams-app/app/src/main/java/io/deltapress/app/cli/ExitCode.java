package io.deltapress.app.cli;

/** What a command ends with; scripts rely on the numbers. */
enum ExitCode {
  /** Everything asked for was done. */
  DONE(0),
  /** Something failed that is not the caller's fault. */
  FAILED(1),
  /** The command line itself is wrong. */
  USAGE(2),
  /** An input breaks a rule of its format or cannot be had. */
  BAD_INPUT(3),
  /** A digest or a checksum differs from what was promised. */
  INTEGRITY(4);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
