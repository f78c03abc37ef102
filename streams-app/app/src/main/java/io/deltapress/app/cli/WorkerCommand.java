package io.deltapress.app.cli;

import io.deltapress.app.worker.WorkerConfig;
import io.deltapress.app.worker.WorkerRole;
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code worker}: the process that prunes. */
@Command(
    name = "worker",
    description = "Run a worker: takes tasks off the compress lane, any number of them anywhere.",
    sortOptions = false)
final class WorkerCommand extends RoleCommand {
  WorkerCommand(Shell shell) {
    super(shell);
  }

  @Override
  RunningRole role(Settings settings, Connection connection) throws IOException {
    WorkerRole role = new WorkerRole(settings.parse(WorkerConfig::of), connection);
    return new RunningRole("worker", role::start, role::awaitTermination, role::close);
  }
}
