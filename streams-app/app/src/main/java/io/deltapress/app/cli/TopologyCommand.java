package io.deltapress.app.cli;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.topology.TopologyRole;
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;

/** {@code topology}: the process that decides. */
@Command(
    name = "topology",
    description = "Run the topology: takes submissions in, plans work, publishes versions.",
    sortOptions = false)
final class TopologyCommand extends RoleCommand {
  /** Restoring large stores takes its time; the log tells how far it is. */
  private static final Duration RESTORING = Duration.ofHours(1);

  TopologyCommand(Shell shell) {
    super(shell);
  }

  @Override
  RunningRole role(Settings settings, Connection connection) throws IOException {
    TopologyRole role = new TopologyRole(settings.parse(TopologyConfig::of), connection);
    return new RunningRole(
        "topology",
        () -> {
          role.start();
          role.awaitReady(RESTORING);
        },
        role::awaitTermination,
        role::close);
  }
}
