package io.deltapress.app.cli.client;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.Probe;
import io.deltapress.schemas.EditProbe;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.topic.ModelKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Edit requests as records for the topic. */
public final class EditRecords {
  private EditRecords() {}

  /** A request for a model, made now; what not every request has is the caller's to set. */
  public static EditSubmission.Builder of(EditRequest request, ModelKey model, String requestedBy) {
    return EditSubmission.newBuilder()
        .setEditId(request.id())
        .setTenant(model.tenant())
        .setModel(model.model())
        .setPrompt(request.prompt())
        .setTarget(request.target())
        .setSubject(request.subject())
        .setGroundTruth(request.groundTruth())
        .setRephrasings(request.rephrasings())
        .setLocality(probes(request.locality()))
        .setPortability(probes(request.portability()))
        .setRequestedBy(requestedBy)
        .setSubmittedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  private static List<EditProbe> probes(List<Probe> probes) {
    return probes.stream().map(probe -> new EditProbe(probe.prompt(), probe.answer())).toList();
  }
}
