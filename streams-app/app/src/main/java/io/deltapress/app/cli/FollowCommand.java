package io.deltapress.app.cli;

import io.deltapress.follower.FollowerConfig;
import io.deltapress.follower.FollowerRole;
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code follow}: the process of a serving host. */
@Command(
    name = "follow",
    description =
        "Run a follower: keeps the head of each model ready to be served from a directory.",
    sortOptions = false)
final class FollowCommand extends RoleCommand {
  FollowCommand(Shell shell) {
    super(shell);
  }

  @Override
  RunningRole role(Settings settings, Connection connection) throws IOException {
    FollowerRole role = new FollowerRole(settings.parse(FollowerConfig::of), connection);
    return new RunningRole("follower", role::start, role::awaitTermination, role::close);
  }
}
