package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rollback}: serves an earlier version again. */
@Command(
    name = "rollback",
    description = "Serve an earlier version of a model again; deltapress versions lists them.",
    sortOptions = false)
final class RollbackCommand extends ControlCommand {
  @Parameters(index = "0", paramLabel = "TENANT/MODEL", description = "The model.")
  private String model;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version to serve.")
  private int version;

  RollbackCommand(Shell shell) {
    super(shell, ControlAction.ROLLBACK);
  }

  @Override
  void checkArguments() {
    super.checkArguments();
    Models.parse(model);
    if (version < 1) {
      throw new UsageException("version %d is none: versions count from 1".formatted(version));
    }
  }

  @Override
  List<ControlRequest.Builder> requests(PipelineClient client) {
    return List.of(about(Models.parse(model)).setVersion(version));
  }
}
