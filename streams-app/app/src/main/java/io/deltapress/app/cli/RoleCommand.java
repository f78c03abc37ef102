package io.deltapress.app.cli;

import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Mixin;

/**
 * A role as a process: says when it is ready, runs until it is told to stop, which is a success, or
 * until it fails.
 */
abstract class RoleCommand extends AbstractCommand {
  @Mixin private ConfigOption config;

  RoleCommand(Shell shell) {
    super(shell);
  }

  /** The role with these settings, not started. */
  abstract RunningRole role(Settings settings, Connection connection) throws IOException;

  @Override
  Logging logging() {
    return verbose() ? Logging.VERBOSE : Logging.ROLE;
  }

  @Override
  final void run() throws Exception {
    Settings settings = config.load(shell());
    RoleKeys.check(settings);
    Connection connection = settings.connection();
    RunningRole role = role(settings, connection);
    shell().stop().onRequest(role.close());
    try {
      role.start().run();
      shell().out().println(role.name() + " ready: " + connection);
      role.end().await();
    } catch (ExecutionException e) {
      throw failed(role, e.getCause() == null ? e : e.getCause());
    } catch (IOException | IllegalStateException e) {
      // A role that is closed while it starts may fail at that; it was told to stop.
      if (!shell().stop().requested()) {
        throw e;
      }
    } finally {
      role.close().run();
    }
    shell().out().println(role.name() + " stopped");
  }

  private static CommandFailedException failed(RunningRole role, Throwable cause) {
    return new CommandFailedException(
        "%s ended: %s; its log says more".formatted(role.name(), Failure.of(cause).line()), cause);
  }
}
