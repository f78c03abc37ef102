package io.deltapress.app.cli;

import io.deltapress.app.worker.WorkerConfig;
import io.deltapress.app.worker.WorkerRole;
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code worker}: the process that prunes. */
@Command(
    name = "worker",
    description =
        "Run a worker: takes tasks off the lanes it can run, any number of them anywhere.",
    sortOptions = false)
final class WorkerCommand extends RoleCommand {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "Where models run: auto, cpu or gpu:N. Default: worker.device of the file.")
  private @Nullable String device;

  WorkerCommand(Shell shell) {
    super(shell);
  }

  @Override
  RunningRole role(Settings settings, Connection connection) throws IOException {
    Settings chosen = device == null ? settings : settings.with("worker.device", device);
    WorkerRole role = new WorkerRole(chosen.parse(WorkerConfig::of), connection);
    return new RunningRole("worker", role::start, role::awaitTermination, role::close);
  }
}
