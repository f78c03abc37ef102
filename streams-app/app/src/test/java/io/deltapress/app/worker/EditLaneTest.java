package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.app.devstack.EmbeddedBroker;
import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditStanding;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.RunEdits;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker of the edit lane against a real broker. */
class EditLaneTest {
  private static final Path REFERENCE = Path.of("../../engine/djl/reference");

  @TempDir Path host;

  @Test
  void shouldPutOnFromKafkaAloneWhatAnotherWorkerComputed() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(host.resolve("broker"));
        BrokerLane lane = BrokerLane.create(broker.bootstrapServers(), "edits.")) {
      // Given
      EditSubmission edit = edit();
      EditEntry entry;
      try (WorkerRole first = new WorkerRole(config("first"), lane.connection)) {
        first.start();
        lane.issue(Lane.EDIT, "computed", run(List.of(), List.of(edit)));
        EditsRun computed = lane.await(Topics.WORK_RESULTS, 1).get(0).getEditsRun();
        assertThat(computed.getOutcomes().get(0).getVerdict()).isEqualTo(EditVerdict.APPLIED);
        entry = computed.getOutcomes().get(0).getEntry();
        assertThat(entry.getArtifact().getLocation()).isInstanceOf(InlineChunks.class);
      }

      // When
      try (WorkerRole second = new WorkerRole(config("second"), lane.connection)) {
        second.start();
        lane.issue(Lane.EDIT, "measured", run(List.of(entry), List.of()));

        // Then
        List<WorkResult> results = lane.await(Topics.WORK_RESULTS, 2);
        WorkResult measured =
            results.stream()
                .filter(result -> result.getTaskId().equals("measured"))
                .findFirst()
                .orElseThrow();
        assertThat(measured.getWorker()).isEqualTo("second");
        assertThat(measured.getEditsRun().getStanding())
            .containsExactly(new EditStanding("moved", true, 1.0));
      }
    }
  }

  private static EditSubmission edit() {
    return EditSubmission.newBuilder()
        .setEditId("moved")
        .setTenant("acme")
        .setModel("router")
        .setPrompt("lifu denin lives in")
        .setTarget("giziburg")
        .setRephrasings(List.of())
        .setLocality(List.of())
        .setPortability(List.of())
        .setRequestedBy("tests")
        .setSubmittedAt(Instant.EPOCH)
        .build();
  }

  private static RunEdits run(List<EditEntry> live, List<EditSubmission> edits) throws IOException {
    return RunEdits.newBuilder()
        .setBaseDigest(ReferenceModels.read(REFERENCE).base().weightsDigest())
        .setBaseLocation("base")
        .setLive(live)
        .setStanding(live.isEmpty() ? List.of() : List.of(edit()))
        .setEdits(edits)
        .setEditor("ultraedit")
        .setCanaries(List.of())
        .setInlineMaxBytes(1L << 20)
        .build();
  }

  private WorkerConfig config(String workerId) throws IOException {
    return new WorkerConfig(
        workerId,
        1,
        host.resolve("scratch-" + workerId),
        Optional.empty(),
        new Sources(SourceRoots.of("bases.roots", List.of(REFERENCE.toRealPath())), Map.of()),
        4096,
        Set.of(Lane.EDIT),
        1,
        1,
        "cpu",
        1L << 32,
        Duration.ofSeconds(5));
  }
}
