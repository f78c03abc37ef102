package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cancel}: stops what has not been published. */
@Command(
    name = "cancel",
    description = "Stop a delta or an edit that has not been published yet.",
    sortOptions = false)
final class CancelCommand extends ControlCommand {
  @Parameters(
      index = "0",
      paramLabel = "SUBMISSION|EDIT",
      description = "The request that is not to be published.")
  private String submission;

  @Option(
      names = "--model",
      paramLabel = "TENANT/MODEL",
      description = "The model it is for. Default: looked up in the topics.")
  private @Nullable String model;

  CancelCommand(Shell shell) {
    super(shell, ControlAction.CANCEL);
  }

  @Override
  List<ControlRequest.Builder> requests(PipelineClient client) {
    return byModel(client, model, List.of(submission)).keySet().stream()
        .map(key -> about(key).setSubmissionId(submission))
        .toList();
  }
}
