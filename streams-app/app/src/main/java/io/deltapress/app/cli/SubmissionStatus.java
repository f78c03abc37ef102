package io.deltapress.app.cli;

import io.deltapress.app.cli.client.Entry;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.topic.Topics;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where one submission stands, told from the topics alone; its fields are those of the JSON
 * document.
 *
 * @param rungs of the ladder that were tried; null if none was
 * @param state submitted, in-progress, published, rejected or dead-lettered
 */
record SubmissionStatus(
    String submissionId,
    String model,
    String state,
    @Nullable Integer version,
    @Nullable String reasonCode,
    @Nullable String message,
    @Nullable List<GateDocument.Rung> rungs,
    List<EventDocument> events) {

  static Optional<SubmissionStatus> find(PipelineClient client, String id) {
    Optional<DeltaSubmission> submitted =
        client.read(Topics.DELTAS_SUBMITTED).stream()
            .map(Entry::value)
            .filter(submission -> submission.getSubmissionId().equals(id))
            .findFirst();
    if (submitted.isEmpty()) {
      return Optional.empty();
    }
    List<EventDocument> events =
        client.read(Topics.REGISTRY_EVENTS).stream()
            .filter(entry -> id.equals(entry.value().getSubmissionId()))
            .map(entry -> EventDocument.of(entry.value()))
            .toList();
    String model = submitted.get().getTenant() + "/" + submitted.get().getModel();
    return Optional.of(of(client, id, model, events));
  }

  private static SubmissionStatus of(
      PipelineClient client, String id, String model, List<EventDocument> events) {
    Optional<Integer> version =
        events.stream()
            .filter(event -> event.type().equals(EventTypes.VERSION_PUBLISHED))
            .map(EventDocument::version)
            .findFirst();
    if (version.isPresent()) {
      return new SubmissionStatus(
          id, model, "published", version.get(), null, null, rungs(events), events);
    }
    Optional<Rejection> rejection =
        client.read(Topics.REJECTIONS).stream()
            .map(Entry::value)
            .filter(rejected -> rejected.getSubmissionId().equals(id))
            .findFirst();
    if (rejection.isPresent()) {
      Rejection why = rejection.get();
      return new SubmissionStatus(
          id,
          model,
          "rejected",
          null,
          why.getReasonCode(),
          why.getMessage(),
          rungs(events),
          events);
    }
    Optional<DeadLetter> letter =
        client.read(Topics.DEAD_LETTERS).stream()
            .map(Entry::value)
            .filter(dead -> id.equals(dead.getSubmissionId()))
            .findFirst();
    if (letter.isPresent()) {
      DeadLetter why = letter.get();
      return new SubmissionStatus(
          id,
          model,
          "dead-lettered",
          null,
          why.getReasonCode(),
          why.getMessage(),
          rungs(events),
          events);
    }
    String state = events.isEmpty() ? "submitted" : "in-progress";
    return new SubmissionStatus(id, model, state, null, null, null, rungs(events), events);
  }

  private static @Nullable List<GateDocument.Rung> rungs(List<EventDocument> events) {
    List<GateDocument.Rung> rungs =
        events.stream().map(EventDocument::rung).filter(Objects::nonNull).toList();
    return rungs.isEmpty() ? null : rungs;
  }

  String text() {
    TextTable table =
        new TextTable()
            .row("submission", Printable.of(submissionId))
            .row("model", Printable.of(model))
            .row("state", version == null ? state : state + " as version " + version);
    if (reasonCode != null) {
      table.row("reason", Printable.of(reasonCode + ": " + message));
    }
    TextTable happened = new TextTable();
    events.forEach(
        event ->
            happened.row(
                event.time(),
                EventLine.shortType(event.type()),
                Printable.of(event.message()),
                event.shards() == null ? "" : event.shardsDone() + " of " + event.shards()));
    String newLine = System.lineSeparator();
    return table.text()
        + (rungs == null ? "" : newLine + GateDocument.table(rungs))
        + (events.isEmpty() ? "" : newLine + happened.text());
  }
}
