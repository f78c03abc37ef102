package io.deltapress.app.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.app.domain.BaseFact;
import io.deltapress.app.domain.DeltaRequest;
import io.deltapress.app.domain.DeltaState;
import io.deltapress.app.domain.EditsState;
import io.deltapress.app.domain.Examples;
import io.deltapress.app.domain.GatePolicy;
import io.deltapress.app.domain.GateState;
import io.deltapress.app.domain.ModelState;
import io.deltapress.app.domain.Phase;
import io.deltapress.app.domain.RequestSource;
import io.deltapress.app.domain.Rung;
import io.deltapress.app.domain.TaskState;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class JsonSerdeTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private final JsonSerde<ModelState> serde = new JsonSerde<>(ModelState.class);

  private static GateState gate() {
    GatePolicy policy = GatePolicy.of(Examples.fittingPolicy("acme").build());
    List<Rung> ladder =
        List.of(
            new Rung(CompressionMethod.DAREX_Q, 0.99, 0.01, RescaleStrategy.SHAPED, ValueCode.INT4),
            new Rung(CompressionMethod.DAREX_Q, 0, 1, RescaleStrategy.GIVEN, ValueCode.INT4));
    GateState.Score score =
        new GateState.Score("tickets", CanaryMetric.MATTHEWS, 0.5, -0.25, null, 300);
    GateState.Tried tried =
        new GateState.Tried(
            ladder.get(0), "beta 0.5", GateVerdict.FAILED, "tickets -25.0 of 50.0", List.of(score));
    return new GateState(
        policy, ladder, 1, new GateState.Fit(0.1, "q 0.1"), List.of(tried), "a".repeat(64));
  }

  private static ModelState modelInWork() {
    DeltaRequest request =
        new DeltaRequest(
            "s-1",
            "acme",
            "router",
            "b".repeat(64),
            "acme/router",
            "f".repeat(64),
            CompressionMethod.DAREX_Q,
            0.99,
            0.1 + 0.2,
            ValueCode.INT4,
            Long.MIN_VALUE,
            List.of("layers.*"),
            List.of(),
            true,
            null,
            "ada",
            NOON,
            new RequestSource("deltapress.deltas.submitted", 2, 1L << 40));
    DeltaState delta =
        new DeltaState(
            request,
            Phase.PRUNING,
            NOON,
            1L << 28,
            new BaseFact("b".repeat(64), "world-base", "world/base", null),
            new DeltaState.SurveyFindings(9, 1L << 40, 1L << 39, Delivery.STORED),
            gate(),
            3,
            1,
            4,
            new TreeMap<>(
                Map.of("s-1/shard/000002", new TaskState(2, 1, TaskState.Standing.PAUSED, NOON))),
            5);
    return new ModelState("acme", "router", 7, 6, delta, EditsState.none());
  }

  @Test
  void shouldReadWhatItWroteWhenADeltaIsInWork() {
    // Given
    ModelState model = modelInWork();

    // When
    ModelState read =
        serde.deserializer().deserialize("any", serde.serializer().serialize("any", model));

    // Then
    assertThat(read).isEqualTo(model);
  }

  @Test
  void shouldReadStateOfAnotherReleaseWhenComponentsDiffer() {
    // Given
    String json = "{\"tenant\":\"acme\",\"model\":\"router\",\"lastVersion\":3,\"mood\":\"good\"}";

    // When
    ModelState read =
        serde.deserializer().deserialize("any", json.getBytes(StandardCharsets.UTF_8));

    // Then
    assertThat(read).isEqualTo(new ModelState("acme", "router", 3, 0, null, EditsState.none()));
  }

  @Test
  void shouldGiveDeltasOfAReleaseWithoutGatesTheRungTheyAskedFor() {
    // Given
    byte[] json = serde.serializer().serialize("any", modelInWork());
    String older =
        new String(json, StandardCharsets.UTF_8)
            .replace("\"gate\":", "\"before\":")
            .replace("\"usePolicy\":true,", "");

    // When
    ModelState read =
        serde.deserializer().deserialize("any", older.getBytes(StandardCharsets.UTF_8));

    // Then
    GateState gate = read.delta().gate();
    assertThat(gate.policy()).isNull();
    assertThat(gate.ladder())
        .containsExactly(
            new Rung(
                CompressionMethod.DAREX_Q, 0.99, 0.1 + 0.2, RescaleStrategy.GIVEN, ValueCode.INT4));
  }

  @Test
  void shouldSayWhatItCannotReadWhenStateIsBroken() {
    // When / Then
    assertThatThrownBy(() -> serde.deserializer().deserialize("any", new byte[] {1, 2}))
        .isInstanceOf(SerializationException.class)
        .hasMessage("cannot read ModelState from JSON");
  }
}
