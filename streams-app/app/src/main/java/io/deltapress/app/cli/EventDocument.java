package io.deltapress.app.cli;

import io.deltapress.schemas.RegistryEvent;
import org.jspecify.annotations.Nullable;

/** An event as JSON. */
record EventDocument(
    String time,
    String type,
    String tenant,
    String model,
    @Nullable String submissionId,
    @Nullable Integer version,
    String message,
    @Nullable Integer shardsDone,
    @Nullable Integer shards,
    GateDocument.@Nullable Rung rung,
    @Nullable EditOutcomeDocument edit,
    @Nullable CauseDocument cause,
    @Nullable String principal,
    String eventId) {

  static EventDocument of(RegistryEvent event) {
    boolean progress = event.getProgress() != null;
    return new EventDocument(
        EventLine.time(event.getTime()),
        event.getType(),
        event.getTenant(),
        event.getModel(),
        event.getSubmissionId(),
        event.getVersion(),
        event.getMessage(),
        progress ? event.getProgress().getDone() : null,
        progress ? event.getProgress().getTotal() : null,
        event.getRung() == null ? null : GateDocument.Rung.of(event.getRung()),
        event.getEdit() == null ? null : EditOutcomeDocument.of(event.getEdit()),
        CauseDocument.of(event.getCause()),
        event.getPrincipal(),
        event.getEventId());
  }
}
