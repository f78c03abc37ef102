package io.deltapress.app.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What surrounds a command.
 *
 * @param out results only
 * @param err progress, notes and errors
 * @param outTerminal whether {@code out} is a terminal
 * @param errTerminal whether {@code err} is a terminal
 * @param environment environment variables
 * @param stop the wish to end early
 */
public record Shell(
    PrintStream out,
    PrintStream err,
    boolean outTerminal,
    boolean errTerminal,
    Map<String, String> environment,
    Stop stop) {

  /**
   * The surroundings of this process. Java cannot ask whether a single stream is a terminal, so the
   * launcher says it in {@code deltapress.out.terminal} and {@code deltapress.err.terminal}.
   */
  public static Shell ofProcess() {
    return new Shell(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        Boolean.getBoolean("deltapress.out.terminal"),
        Boolean.getBoolean("deltapress.err.terminal"),
        System.getenv(),
        Stop.bySignals());
  }

  /** One line for the person that watches; not part of the result. */
  void note(String line) {
    err.println(line);
  }
}
