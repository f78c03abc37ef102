package io.deltapress.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A word that only groups commands: on its own it says which there are. */
abstract class CommandGroup implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public final void run() {
    String names = String.join(" or ", spec.subcommands().keySet());
    throw new CommandLine.ParameterException(spec.commandLine(), "say what: " + names);
  }
}
