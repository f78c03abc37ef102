package io.deltapress.app.cli;

import io.deltapress.app.cli.client.Entry;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import io.deltapress.schemas.topic.VersionKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code edits ls}: the edits on the head of a model. */
@Command(
    name = "ls",
    description = "List the edits on the head of a model, in the order in which they are put on.",
    sortOptions = false)
final class EditsLsCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "TENANT/MODEL", description = "The model.")
  private String model;

  EditsLsCommand(Shell shell) {
    super(shell);
  }

  @Override
  void checkArguments() {
    Models.parse(model);
  }

  @Override
  void run(PipelineClient client) throws IOException {
    ModelKey key = Models.parse(model);
    ModelHead head = client.latest(Topics.SERVING_HEADS).get(key.toString());
    ModelVersion version =
        head == null
            ? null
            : client
                .latest(Topics.SERVING_VERSIONS)
                .get(new VersionKey(key, head.getVersion()).toString());
    if (version == null) {
      throw new BadInputException(
          "%s has no head: deltapress status shows what there is".formatted(key));
    }
    Map<String, RegistryEvent> measured =
        version.getEdits().isEmpty() ? Map.of() : told(client, key);
    Document document =
        new Document(
            key.toString(),
            version.getVersion(),
            version.getEdits().stream()
                .map(entry -> LiveEdit.of(entry, measured.get(entry.getEditId())))
                .toList());
    json().print(shell(), document, document.text());
  }

  /** The newest event about each edit that says what was measured. */
  private static Map<String, RegistryEvent> told(PipelineClient client, ModelKey model) {
    Map<String, RegistryEvent> events = new HashMap<>();
    for (Entry<RegistryEvent> entry : client.read(Topics.REGISTRY_EVENTS)) {
      EditOutcome edit = entry.value().getEdit();
      if (edit != null && entry.key().equals(model.toString())) {
        events.put(edit.getEditId(), entry.value());
      }
    }
    return events;
  }

  /**
   * A live edit as JSON.
   *
   * @param before null where the event that told it is kept no longer
   * @param since when it was measured; null likewise
   */
  private record LiveEdit(
      String editId,
      String method,
      int rank,
      double norm,
      long bytes,
      String sha256,
      EditOutcomeDocument.@Nullable Scores before,
      EditOutcomeDocument.@Nullable Scores after,
      @Nullable String since) {

    static LiveEdit of(EditEntry entry, @Nullable RegistryEvent event) {
      EditOutcomeDocument measured = event == null ? null : EditOutcomeDocument.of(event.getEdit());
      return new LiveEdit(
          entry.getEditId(),
          entry.getMethod(),
          entry.getRank(),
          entry.getNorm(),
          entry.getArtifact().getLength(),
          entry.getArtifact().getSha256(),
          measured == null ? null : measured.before(),
          measured == null ? null : measured.after(),
          event == null ? null : EventLine.time(event.getTime()));
    }
  }

  private record Document(String model, int version, List<LiveEdit> edits) {

    String text() {
      if (edits.isEmpty()) {
        return "version %d of %s has no edits%n".formatted(version, model);
      }
      TextTable table =
          new TextTable(
              "edit",
              "method",
              "rank",
              "norm",
              "size",
              "rewrite",
              "rephrase",
              "locality",
              "portability",
              "since");
      for (LiveEdit edit : edits) {
        table.row(
            Printable.of(edit.editId()),
            edit.method(),
            edit.rank(),
            Figures.number(edit.norm()),
            Figures.bytes(edit.bytes()),
            change(edit, EditOutcomeDocument.Scores::rewrite),
            change(edit, EditOutcomeDocument.Scores::rephrase),
            change(edit, EditOutcomeDocument.Scores::locality),
            change(edit, EditOutcomeDocument.Scores::portability),
            edit.since() == null ? "-" : edit.since());
      }
      return table.text();
    }

    private static String change(LiveEdit edit, EditOutcomeDocument.ScoreOf score) {
      return EditOutcomeDocument.change(edit.before(), edit.after(), score);
    }
  }
}
