package io.deltapress.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What all commands have: help, {@code --verbose}, and the shell they run in. */
abstract class AbstractCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--verbose",
      order = 99,
      description = "Log more, and show the stack trace of a failure.")
  private boolean verbose;

  AbstractCommand(Shell shell) {
    this.shell = shell;
  }

  /** Does what the command is for; a failure is an exception. */
  abstract void run() throws Exception;

  @Override
  public final Integer call() throws Exception {
    Logging.configure(logging());
    run();
    return ExitCode.DONE.number();
  }

  /** How much this command logs. */
  Logging logging() {
    return verbose ? Logging.VERBOSE : Logging.QUIET;
  }

  final Shell shell() {
    return shell;
  }

  final boolean verbose() {
    return verbose;
  }
}
