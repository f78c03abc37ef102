package io.deltapress.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train}: names what can be trained. */
@Command(
    name = "train",
    description = "Train a small base on a generated world of facts, or fine-tune one.",
    subcommands = {TrainBaseCommand.class, TrainFineTuneCommand.class})
final class TrainCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what: base or fine-tune");
  }
}
