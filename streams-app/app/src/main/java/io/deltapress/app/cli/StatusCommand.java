package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code status}: where everything, one model, or one submission stands. */
@Command(
    name = "status",
    description = "Say where the pipeline, one model or one submission stands.",
    sortOptions = false)
final class StatusCommand extends ClientCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SUBMISSION|TENANT/MODEL",
      description = "What to look at. Default: all bases and models.")
  private @Nullable String subject;

  StatusCommand(Shell shell) {
    super(shell);
  }

  @Override
  void checkArguments() {
    if (isModel()) {
      Models.parse(subject);
    }
  }

  @Override
  void run(PipelineClient client) throws IOException {
    if (subject == null) {
      PipelineStatus status = PipelineStatus.of(client);
      json().print(shell(), status, status.text());
    } else if (isModel()) {
      ModelStatus status = ModelStatus.of(client, Models.parse(subject));
      json().print(shell(), status, status.text());
    } else {
      SubmissionStatus status =
          SubmissionStatus.find(client, subject).orElseThrow(() -> unknown(subject));
      json().print(shell(), status, status.text());
    }
  }

  private boolean isModel() {
    return subject != null && subject.contains("/");
  }

  private static BadInputException unknown(String submission) {
    return new BadInputException(
        "no submission %s is known: deltapress status shows what there is"
            .formatted(Printable.of(submission)));
  }
}
