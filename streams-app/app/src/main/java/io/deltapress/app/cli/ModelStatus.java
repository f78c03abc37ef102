package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import io.deltapress.schemas.topic.VersionKey;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one model stands; its fields are those of the JSON document. */
record ModelStatus(
    String model,
    @Nullable VersionDocument head,
    @Nullable Integer previousVersion,
    @Nullable String movedAt,
    List<PipelineStatus.Follower> followers,
    List<EventDocument> events) {

  static ModelStatus of(PipelineClient client, ModelKey key) throws IOException {
    List<EventDocument> events =
        client.read(Topics.REGISTRY_EVENTS).stream()
            .filter(entry -> entry.key().equals(key.toString()))
            .map(entry -> EventDocument.of(entry.value()))
            .toList();
    ModelHead head = client.latest(Topics.SERVING_HEADS).get(key.toString());
    if (head == null && events.isEmpty()) {
      throw new BadInputException(
          "nothing is known of %s: deltapress status shows what there is".formatted(key));
    }
    return new ModelStatus(
        key.toString(),
        head == null ? null : version(client, new VersionKey(key, head.getVersion())),
        head == null ? null : head.getPreviousVersion(),
        head == null ? null : EventLine.time(head.getMovedAt()),
        PipelineStatus.followersOf(key.toString(), client.latest(Topics.SERVING_STATUS).values()),
        events);
  }

  private static @Nullable VersionDocument version(PipelineClient client, VersionKey key) {
    ModelVersion version = client.latest(Topics.SERVING_VERSIONS).get(key.toString());
    return version == null ? null : VersionDocument.of(version);
  }

  String text() {
    TextTable table = new TextTable().row("model", model);
    if (head == null) {
      table.row("head", "none yet");
    } else {
      table
          .row("head", "version %d since %s".formatted(head.version(), movedAt))
          .row("base", Printable.of(head.baseName()) + " " + head.baseDigest())
          .row("method", head.methodText());
      if (head.gate() != null) {
        table.row("gate", head.gate().text());
      }
      if (head.editCount() > 0) {
        table.row("edits", head.editCount() + " live");
      }
      if (head.editGate() != null) {
        table.row("edit gate", head.editGate().text());
      }
    }
    followers.forEach(follower -> table.row("follower", follower.text()));
    if (!events.isEmpty()) {
      EventDocument last = events.get(events.size() - 1);
      table.row("last event", EventLine.shortType(last.type()) + ": " + last.message());
    }
    boolean measured = head != null && head.gate() != null && head.gate().policyScope() != null;
    return measured
        ? table.text() + System.lineSeparator() + GateDocument.table(head.gate().rungs())
        : table.text();
  }
}
