package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.domain.PolicyRules;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code policy set}: sets the policy of a scope, in place of the one it has. */
@Command(
    name = "set",
    description =
        "Set the policy of a scope; deltas and edits accepted from then on are held to it.",
    sortOptions = false)
final class PolicySetCommand extends ClientCommand {
  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      required = true,
      description = "*, a tenant, or TENANT/MODEL; the most specific policy holds as a whole.")
  private String scope;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      required = true,
      description =
          "JSON with method, pruneRates, values, rescale, calibration, canaries, largestDrop,"
              + " whenUnmeasured and edits; absent keys have defaults.")
  private Path file;

  @Mixin private RequesterOption requester;

  PolicySetCommand(Shell shell) {
    super(shell);
  }

  @Override
  void checkArguments() {
    PolicyScope.require(scope);
  }

  @Override
  void run(PipelineClient client) throws IOException {
    Policy policy =
        PolicyFile.read(file)
            .setScope(scope)
            .setAuthor(requester.name())
            .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();
    Optional<String> broken = PolicyRules.broken(policy);
    if (broken.isPresent()) {
      throw BadInputException.of(file, broken.get());
    }
    client.send(Topics.POLICIES, scope, policy);
    PolicyDocument document = PolicyDocument.of(policy);
    json().print(shell(), document, document.text());
  }
}
