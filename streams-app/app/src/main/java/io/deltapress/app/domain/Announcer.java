package io.deltapress.app.domain;

import io.deltapress.schemas.GateRung;
import io.deltapress.schemas.Progress;
import io.deltapress.schemas.RegistryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the events of one submission in one turn. An event's id is made of the submission, the
 * type and its place among the events of the submission, so a repeated turn repeats the ids.
 */
final class Announcer {
  private final ModelRequest request;
  private final int alreadyAnnounced;
  private final Instant now;
  private final List<Output> events = new ArrayList<>();

  Announcer(ModelRequest request, int alreadyAnnounced, Instant now) {
    this.request = request;
    this.alreadyAnnounced = alreadyAnnounced;
    this.now = now;
  }

  Announcer say(String type, String message) {
    return say(type, message, null, null, null);
  }

  Announcer sayOfVersion(String type, String message, int version) {
    return say(type, message, version, null, null);
  }

  Announcer sayProgress(String type, String message, int done, int total) {
    Progress progress = Progress.newBuilder().setDone(done).setTotal(total).build();
    return say(type, message, null, progress, null);
  }

  Announcer sayOfRung(String type, String message, GateRung rung) {
    return say(type, message, null, null, rung);
  }

  private Announcer say(
      String type,
      String message,
      @Nullable Integer version,
      @Nullable Progress progress,
      @Nullable GateRung rung) {
    int ordinal = alreadyAnnounced + events.size();
    RegistryEvent event =
        RegistryEvent.newBuilder()
            .setEventId(
                EventIds.of(request.modelKey() + "/" + request.submissionId(), type, ordinal))
            .setType(type)
            .setSource(EventIds.SOURCE)
            .setTime(now)
            .setTenant(request.tenant())
            .setModel(request.model())
            .setSubmissionId(request.submissionId())
            .setVersion(version)
            .setMessage(message)
            .setProgress(progress)
            .setRung(rung)
            .build();
    events.add(new Output(request.modelKey(), event));
    return this;
  }

  List<Output> events() {
    return List.copyOf(events);
  }

  int count() {
    return events.size();
  }
}
