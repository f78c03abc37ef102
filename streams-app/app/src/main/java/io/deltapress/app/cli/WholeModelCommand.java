package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A request about all that is live on a model. */
abstract class WholeModelCommand extends ControlCommand {
  @Parameters(index = "0", paramLabel = "TENANT/MODEL", description = "The model.")
  private String model;

  WholeModelCommand(Shell shell, ControlAction action) {
    super(shell, action);
  }

  @Override
  final void checkArguments() {
    super.checkArguments();
    Models.parse(model);
  }

  @Override
  final List<ControlRequest.Builder> requests(PipelineClient client) {
    return List.of(about(Models.parse(model)));
  }
}
