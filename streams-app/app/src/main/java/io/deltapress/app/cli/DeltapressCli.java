package io.deltapress.app.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command line as a whole: parses, runs one command, turns a failure into one line. */
public final class DeltapressCli {
  private final Shell shell;

  /** A command line in these surroundings. */
  public DeltapressCli(Shell shell) {
    this.shell = shell;
  }

  /** Runs one command and returns the exit code of the process. */
  public int run(String... arguments) {
    try {
      return commandLine(arguments).execute(arguments);
    } catch (OutOfMemoryError | LinkageError e) {
      // Not handed to the handlers below, and still owed as one line.
      Failure failure = Failure.of(e);
      shell.note("deltapress: " + failure.line());
      return failure.exitNumber();
    }
  }

  /** The command line for these arguments; with none, or none that name a command, all of it. */
  CommandLine commandLine(String... arguments) {
    CommandLine commandLine = new CommandLine(DeltapressCommand.class, new ShellFactory(shell));
    commands(arguments).forEach((name, type) -> commandLine.addSubcommand(name, type));
    addHelp(commandLine);
    commandLine
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Show the version and exit.")
                .build());
    return commandLine
        .setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(shell.outTerminal() ? Ansi.ON : Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(shell.outTerminal())
        .setParameterExceptionHandler(this::reportUsage)
        .setExecutionExceptionHandler(this::report);
  }

  /** Reading the options of all commands takes longer than what most of them do. */
  private static Map<String, Class<?>> commands(String... arguments) {
    Map<String, Class<?>> all = new LinkedHashMap<>();
    for (Class<?> type : DeltapressCommand.COMMANDS) {
      all.put(type.getAnnotation(Command.class).name(), type);
    }
    String first = arguments.length == 0 ? "" : arguments[0];
    Class<?> named = all.get(first);
    if (named != null) {
      return Map.of(first, named);
    }
    return first.equals("--version") || first.equals("-V") ? Map.of() : all;
  }

  /** Nothing reads these options but picocli, so they are no fields of the commands. */
  private static void addHelp(CommandLine commandLine) {
    commandLine
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .order(100)
                .description("Show this help and exit.")
                .build());
    commandLine.getSubcommands().values().forEach(DeltapressCli::addHelp);
  }

  private int reportUsage(CommandLine.ParameterException thrown, String[] arguments) {
    Failure failure = Failure.of(thrown);
    String command = thrown.getCommandLine().getCommandSpec().qualifiedName();
    shell.note(
        "deltapress: " + failure.line() + suggestion(thrown) + " (see " + command + " --help)");
    return failure.exitNumber();
  }

  private static String suggestion(CommandLine.ParameterException thrown) {
    return thrown instanceof CommandLine.UnmatchedArgumentException unmatched
            && !unmatched.getSuggestions().isEmpty()
        ? "; did you mean " + unmatched.getSuggestions().get(0) + "?"
        : "";
  }

  private int report(Exception thrown, CommandLine commandLine, ParseResult parsed) {
    Failure failure = Failure.of(thrown);
    shell.note("deltapress: " + failure.line());
    if (commandLine.getCommand() instanceof AbstractCommand command && command.verbose()) {
      thrown.printStackTrace(shell.err());
    }
    return failure.exitNumber();
  }
}
