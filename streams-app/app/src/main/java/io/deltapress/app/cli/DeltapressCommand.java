package io.deltapress.app.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root: names all commands. */
@Command(
    name = "deltapress",
    description = "A streaming pipeline for delta compression and editing of models.",
    versionProvider = VersionSource.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Exit codes: 0 done, 1 failed, 2 usage, 3 bad input, 4 integrity mismatch."})
final class DeltapressCommand implements Runnable {
  /** In the order of the help page. */
  static final List<Class<?>> COMMANDS =
      List.of(
          CompressCommand.class,
          ApplyCommand.class,
          InspectCommand.class,
          VerifyCommand.class,
          ExportCommand.class,
          EditCommand.class,
          TrainCommand.class,
          EvaluateCommand.class,
          StudyCommand.class,
          DemoCommand.class,
          SetupCommand.class,
          TopologyCommand.class,
          WorkerCommand.class,
          FollowCommand.class,
          BaseCommand.class,
          PolicyCommand.class,
          SubmitCommand.class,
          CancelCommand.class,
          RevertCommand.class,
          RollbackCommand.class,
          EraseCommand.class,
          SquashCommand.class,
          RefitCommand.class,
          EditsCommand.class,
          StatusCommand.class,
          VersionsCommand.class,
          WatchCommand.class);

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say which command to run");
  }
}
