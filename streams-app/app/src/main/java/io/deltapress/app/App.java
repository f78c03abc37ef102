package io.deltapress.app;

import io.deltapress.app.cli.DeltapressCli;
import io.deltapress.app.cli.Shell;
import java.util.Locale;

/** The program: hands its arguments to the command line and ends with its exit code. */
public final class App {
  private App() {}

  /** Runs one command; {@code streams-app/bin/deltapress} is the way to start it. */
  public static void main(String[] arguments) {
    // Names, ids and figures are read by programs: digits must be 0 to 9 wherever this runs.
    Locale.setDefault(Locale.ROOT);
    System.exit(new DeltapressCli(Shell.ofProcess()).run(arguments));
  }
}
