package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code policy remove}: leaves a scope to the less specific policies. */
@Command(
    name = "remove",
    description = "Remove the policy of a scope; the less specific ones hold there from then on.",
    sortOptions = false)
final class PolicyRemoveCommand extends ClientCommand {
  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      required = true,
      description = "*, a tenant, or TENANT/MODEL.")
  private String scope;

  @Mixin private RequesterOption requester;

  PolicyRemoveCommand(Shell shell) {
    super(shell);
  }

  @Override
  void checkArguments() {
    PolicyScope.require(scope);
  }

  @Override
  void run(PipelineClient client) throws IOException {
    Policy present = client.latest(Topics.POLICIES).get(scope);
    if (present == null || present.getRemoved()) {
      throw new BadInputException(
          "%s has no policy: deltapress policy ls shows which there are".formatted(scope));
    }
    Policy removal =
        Policy.newBuilder()
            .setScope(scope)
            .setRemoved(true)
            .setMethod(present.getMethod())
            .setPruneRates(present.getPruneRates())
            .setValues(present.getValues())
            .setRescale(present.getRescale())
            .setCalibrationLocation(present.getCalibrationLocation())
            .setCanaries(present.getCanaries())
            .setLargestDrop(present.getLargestDrop())
            .setWhenUnmeasured(present.getWhenUnmeasured())
            .setEdits(present.getEdits())
            .setAuthor(requester.name())
            .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();
    client.send(Topics.POLICIES, scope, removal);
    PolicyDocument document = PolicyDocument.of(removal);
    json().print(shell(), document, "removed the policy of " + scope + System.lineSeparator());
  }
}
