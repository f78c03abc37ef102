package io.deltapress.app.cli;

import picocli.CommandLine.Option;

/** {@code --json}, for commands whose result a script may want. */
final class JsonOption {
  @Option(
      names = "--json",
      order = 98,
      description = "Print one JSON document on stdout and nothing else there.")
  private boolean json;

  /** Prints the result in the form that was asked for. */
  void print(Shell shell, Object document, String text) {
    if (json) {
      JsonDocument.print(shell.out(), document);
    } else {
      shell.out().print(text);
    }
  }

  boolean wanted() {
    return json;
  }
}
