package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.schemas.topic.Topics;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code policy ls}: the policies that hold. */
@Command(name = "ls", description = "List the policies that hold.", sortOptions = false)
final class PolicyLsCommand extends ClientCommand {
  PolicyLsCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run(PipelineClient client) {
    List<PolicyDocument> policies =
        client.latest(Topics.POLICIES).values().stream()
            .filter(policy -> !policy.getRemoved())
            .map(PolicyDocument::of)
            .toList();
    Document document = new Document(policies);
    json().print(shell(), document, document.text());
  }

  private record Document(List<PolicyDocument> policies) {

    String text() {
      if (policies.isEmpty()) {
        return "no policy is set" + System.lineSeparator();
      }
      TextTable table =
          new TextTable(
              "scope",
              "method",
              "ladder",
              "rescale",
              "canaries",
              "largest drop",
              "unmeasured",
              "edits",
              "by",
              "state");
      policies.forEach(
          policy ->
              table.row(
                  Printable.of(policy.scope()),
                  policy.method(),
                  policy.ladderText(),
                  policy.rescale(),
                  policy.canaries().size(),
                  Figures.percent(policy.largestDrop()),
                  policy.whenUnmeasured(),
                  policy.edits() == null ? "-" : Printable.of(policy.edits().editor()),
                  Printable.of(policy.author()),
                  policy.refused() == null
                      ? "holds"
                      : "refused: " + Printable.of(policy.refused())));
      return table.text();
    }
  }
}
