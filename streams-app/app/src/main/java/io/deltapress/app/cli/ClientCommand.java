package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import picocli.CommandLine.Mixin;

/** What all clients of a running pipeline have: its address, and JSON on demand. */
abstract class ClientCommand extends AbstractCommand {
  @Mixin private ConfigOption config;
  @Mixin private JsonOption json;

  ClientCommand(Shell shell) {
    super(shell);
  }

  /** Does what the command is for on that pipeline. */
  abstract void run(PipelineClient client) throws Exception;

  /** Fails early on arguments that make no sense, before anything is contacted. */
  void checkArguments() throws Exception {}

  @Override
  final void run() throws Exception {
    checkArguments();
    run(new PipelineClient(config.load(shell()).connection()));
  }

  final JsonOption json() {
    return json;
  }
}
