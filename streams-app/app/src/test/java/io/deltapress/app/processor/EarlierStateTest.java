package io.deltapress.app.processor;

import static io.deltapress.app.domain.Examples.NOON;
import static io.deltapress.app.domain.Examples.SOURCE;
import static io.deltapress.app.domain.Examples.USABLE_BASE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.app.domain.EditExamples;
import io.deltapress.app.domain.Examples;
import io.deltapress.app.domain.GatePolicy;
import io.deltapress.app.domain.InMemoryLedger;
import io.deltapress.app.domain.ModelState;
import io.deltapress.app.domain.PlanningDesk;
import io.deltapress.app.domain.PlanningDesk.Turn;
import io.deltapress.app.domain.RequestValidators;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.WorkTask;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Deltas in work when the application is upgraded. */
class EarlierStateTest {
  private static final int SHARDS = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final InMemoryLedger ledger = new InMemoryLedger();
  private final JsonSerde<ModelState> serde = new JsonSerde<>(ModelState.class);

  private PlanningDesk desk() {
    return new PlanningDesk(
        Examples.settings(), RequestValidators.of((tenant, topic) -> true), ledger);
  }

  private static <T> List<T> of(Class<T> type, Turn turn) {
    return turn.outputs().stream()
        .map(output -> output.value())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** As a release wrote it that knew of no gates. */
  private ModelState beforeGates(ModelState model) throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(serde.serializer().serialize("any", model));
    ObjectNode delta = (ObjectNode) json.get("delta");
    delta.remove(List.of("gate", "shardBytes"));
    return serde.deserializer().deserialize("any", JSON.writeValueAsBytes(json));
  }

  /** As a release wrote it that knew of no edits. */
  private ModelState beforeEdits(ModelState model) throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(serde.serializer().serialize("any", model));
    json.remove("edits");
    ((ObjectNode) json.get("delta")).remove("editsBefore");
    return serde.deserializer().deserialize("any", JSON.writeValueAsBytes(json));
  }

  @Test
  void shouldPublishADeltaOfAReleaseBeforeEditsAndEditIt() throws IOException {
    // Given
    PlanningDesk earlier = desk();
    earlier.baseChecked(USABLE_BASE, NOON);
    WorkTask survey =
        of(WorkTask.class, earlier.submitted(Examples.submission("s-1", 1).build(), SOURCE, NOON))
            .get(0);
    WorkTask shard =
        of(WorkTask.class, earlier.answered(Examples.surveyed(survey, 1), NOON)).get(0);
    ledger.keep(beforeEdits(ledger.modelsInWork().get(0)));
    PlanningDesk desk = desk();
    desk.policySet(GatePolicy.of(EditExamples.policyWith(EditExamples.editPolicy())));

    // When
    desk.answered(Examples.pruned(shard, 0), NOON);
    Turn edited = desk.edited(EditExamples.edit("e-1").build(), EditExamples.EDIT_SOURCE, NOON);

    // Then
    assertThat(of(WorkTask.class, edited)).hasSize(1);
  }

  @Test
  void shouldReadAPolicyOfAReleaseBeforeEditsAsOneThatSaysNothingOfThem() throws IOException {
    // Given
    JsonSerde<GatePolicy> policies = new JsonSerde<>(GatePolicy.class);
    GatePolicy policy = GatePolicy.of(Examples.policy("acme").build());
    ObjectNode json = (ObjectNode) JSON.readTree(policies.serializer().serialize("any", policy));
    json.remove("edits");

    // When
    GatePolicy read = policies.deserializer().deserialize("any", JSON.writeValueAsBytes(json));

    // Then
    assertThat(read).isEqualTo(policy);
  }

  @Test
  void shouldPublishWithoutAReportWhenAReleaseBeforeGatesPrunedAllButTheLastShard()
      throws IOException {
    // Given
    PlanningDesk earlier = desk();
    earlier.baseChecked(USABLE_BASE, NOON);
    WorkTask survey =
        of(
                WorkTask.class,
                earlier.submitted(Examples.submission("s-1", SHARDS).build(), SOURCE, NOON))
            .get(0);
    List<WorkTask> shards =
        of(WorkTask.class, earlier.answered(Examples.surveyed(survey, SHARDS), NOON));
    earlier.answered(Examples.pruned(shards.get(0), 0), NOON);
    ledger.keep(beforeGates(ledger.modelsInWork().get(0)));

    // When
    Turn last = desk().answered(Examples.pruned(shards.get(1), 1), NOON);

    // Then
    assertThat(of(ModelVersion.class, last)).hasSize(1);
    ModelVersion version = of(ModelVersion.class, last).get(0);
    assertThat(version.getVersion()).isEqualTo(1);
    assertThat(version.getArtifact().getPruneRate()).isEqualTo(0.99);
    assertThat(version.getGate()).isNull();
  }
}
