package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code squash}: folds live edits into a delta. */
@Command(
    name = "squash",
    description =
        "Fold the live edits of a model into a delta that gives the same weights; a folded edit can"
            + " still be reverted, which takes the fold apart.",
    sortOptions = false)
final class SquashCommand extends ControlCommand {
  @Parameters(index = "0", paramLabel = "TENANT/MODEL", description = "The model.")
  private String model;

  SquashCommand(Shell shell) {
    super(shell, ControlAction.SQUASH);
  }

  @Override
  void checkArguments() {
    super.checkArguments();
    Models.parse(model);
  }

  @Override
  List<ControlRequest.Builder> requests(PipelineClient client) {
    return List.of(about(Models.parse(model)));
  }
}
