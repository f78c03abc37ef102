package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code versions}: all versions of a model. */
@Command(
    name = "versions",
    description = "List the versions of a model, and which of them is the head.",
    sortOptions = false)
final class VersionsCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "TENANT/MODEL", description = "The model.")
  private String model;

  VersionsCommand(Shell shell) {
    super(shell);
  }

  @Override
  void checkArguments() {
    Models.parse(model);
  }

  @Override
  void run(PipelineClient client) throws IOException {
    ModelKey key = Models.parse(model);
    List<VersionDocument> versions =
        client.latest(Topics.SERVING_VERSIONS).values().stream()
            .filter(version -> isOf(key, version))
            .map(VersionDocument::of)
            .toList();
    if (versions.isEmpty()) {
      throw new BadInputException(
          "%s has no version: deltapress status shows what there is".formatted(key));
    }
    ModelHead head = client.latest(Topics.SERVING_HEADS).get(key.toString());
    Document document =
        new Document(key.toString(), head == null ? null : head.getVersion(), versions);
    json().print(shell(), document, document.text());
  }

  private static boolean isOf(ModelKey key, ModelVersion version) {
    return version.getTenant().equals(key.tenant()) && version.getModel().equals(key.model());
  }

  private record Document(String model, @Nullable Integer head, List<VersionDocument> versions) {

    String text() {
      TextTable table =
          new TextTable(
              "version",
              "state",
              "cause",
              "base",
              "method",
              "size",
              "ratio",
              "edits",
              "gate",
              "published",
              "by");
      for (VersionDocument version : versions) {
        boolean isHead = head != null && head == version.version();
        table.row(
            version.version() + (isHead ? " (head)" : ""),
            version.state(),
            version.cause() == null ? "-" : Printable.of(version.cause().kind()),
            Printable.of(version.baseName()),
            version.methodText(),
            version.artifactBytes() == null ? "-" : Figures.bytes(version.artifactBytes()),
            version.ratio() == null ? "-" : Figures.ratio(version.ratio()),
            version.editCount(),
            version.gateText(),
            version.publishedAt(),
            Printable.of(version.requestedBy()));
      }
      return table.text();
    }
  }
}
