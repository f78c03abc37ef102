package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code revert}: takes edits back. */
@Command(
    name = "revert",
    description =
        "Take edits back: the next version is built without them, the others as they were.",
    sortOptions = false)
final class RevertCommand extends ControlCommand {
  @Parameters(index = "0..*", arity = "1..*", paramLabel = "EDIT", description = "The edits.")
  private List<String> edits;

  @Option(
      names = "--model",
      paramLabel = "TENANT/MODEL",
      description = "The model they are on. Default: looked up in the topics.")
  private @Nullable String model;

  RevertCommand(Shell shell) {
    super(shell, ControlAction.REVERT);
  }

  @Override
  List<ControlRequest.Builder> requests(PipelineClient client) {
    return byModel(client, model, edits).entrySet().stream()
        .map(of -> about(of.getKey()).setEditIds(of.getValue()))
        .toList();
  }
}
