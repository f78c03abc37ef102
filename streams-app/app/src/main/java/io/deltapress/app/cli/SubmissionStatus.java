package io.deltapress.app.cli;

import io.deltapress.app.cli.client.Entry;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where one request stands, a delta, an edit or a control request, told from the topics alone; its
 * fields are those of the JSON document.
 *
 * @param rungs of the ladder that were tried; null if none was
 * @param state submitted, in-progress, rejected, dead-lettered, or what its last event says:
 *     published of a delta, done of a control request, applied, already-true, reverted and so on of
 *     an edit
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
    Optional<String> model = modelOf(client, id);
    if (model.isEmpty()) {
      return Optional.empty();
    }
    List<EventDocument> events =
        client.read(Topics.REGISTRY_EVENTS).stream()
            .filter(entry -> id.equals(entry.value().getSubmissionId()))
            .map(entry -> EventDocument.of(entry.value()))
            .toList();
    return Optional.of(of(client, id, model.get(), events));
  }

  /** The model that a delta, an edit or a control request of that identity is for. */
  private static Optional<String> modelOf(PipelineClient client, String id) {
    return firstOf(client, Topics.DELTAS_SUBMITTED, delta -> delta.getSubmissionId().equals(id))
        .map(delta -> delta.getTenant() + "/" + delta.getModel())
        .or(
            () ->
                firstOf(client, Topics.EDITS_REQUESTED, edit -> edit.getEditId().equals(id))
                    .map(edit -> edit.getTenant() + "/" + edit.getModel()))
        .or(
            () ->
                firstOf(client, Topics.VERSIONS_CONTROL, asked -> asked.getRequestId().equals(id))
                    .map(asked -> asked.getTenant() + "/" + asked.getModel()));
  }

  private static <V extends SpecificRecord> Optional<V> firstOf(
      PipelineClient client, Topic<V> topic, Predicate<V> wanted) {
    return client.read(topic).stream().map(Entry::value).filter(wanted).findFirst();
  }

  private static SubmissionStatus of(
      PipelineClient client, String id, String model, List<EventDocument> events) {
    Optional<EventDocument> last = last(events, SubmissionStatus::isEnd);
    if (last.isEmpty()) {
      last = last(events, event -> event.type().equals(EventTypes.VERSION_PUBLISHED));
    }
    if (last.isPresent()) {
      String state = stateAfter(last.get().type());
      Integer version = last.get().version();
      return new SubmissionStatus(id, model, state, version, null, null, rungs(events), events);
    }
    Optional<Rejection> rejection =
        firstOf(client, Topics.REJECTIONS, rejected -> rejected.getSubmissionId().equals(id));
    if (rejection.isPresent()) {
      Rejection why = rejection.get();
      return failed(id, model, "rejected", why.getReasonCode(), why.getMessage(), events);
    }
    Optional<DeadLetter> letter =
        firstOf(client, Topics.DEAD_LETTERS, dead -> id.equals(dead.getSubmissionId()));
    if (letter.isPresent()) {
      DeadLetter why = letter.get();
      return failed(id, model, "dead-lettered", why.getReasonCode(), why.getMessage(), events);
    }
    String state = events.isEmpty() ? "submitted" : "in-progress";
    return new SubmissionStatus(id, model, state, null, null, null, rungs(events), events);
  }

  private static Optional<EventDocument> last(
      List<EventDocument> events, Predicate<EventDocument> wanted) {
    return events.stream().filter(wanted).reduce((before, after) -> after);
  }

  private static SubmissionStatus failed(
      String id,
      String model,
      String state,
      String reasonCode,
      String message,
      List<EventDocument> events) {
    return new SubmissionStatus(id, model, state, null, reasonCode, message, rungs(events), events);
  }

  /**
   * Whether an event ends an edit or a control request; an edit may go on after that: it is
   * reverted, or lost under a new delta.
   */
  private static boolean isEnd(EventDocument event) {
    return switch (event.type()) {
      case EventTypes.CONTROL_DONE,
          EventTypes.EDIT_APPLIED,
          EventTypes.EDIT_ALREADY_TRUE,
          EventTypes.EDIT_REPLACED,
          EventTypes.EDIT_REVERTED,
          EventTypes.EDIT_ERASED,
          EventTypes.EDIT_KEPT,
          EventTypes.EDIT_LOST,
          EventTypes.EDIT_ROLLED_BACK,
          EventTypes.EDIT_RESTORED,
          EventTypes.EDIT_FOLDED ->
          true;
      default -> false;
    };
  }

  private static String stateAfter(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
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
