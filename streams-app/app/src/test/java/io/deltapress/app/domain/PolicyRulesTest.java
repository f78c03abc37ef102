package io.deltapress.app.domain;

import static io.deltapress.app.domain.Examples.NOON;
import static io.deltapress.app.domain.Examples.SOURCE;
import static io.deltapress.app.domain.Examples.fittingPolicy;
import static io.deltapress.app.domain.Examples.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.EditPolicy;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyRulesTest {

  private static Arguments broken(UnaryOperator<Policy.Builder> change, String message) {
    return arguments(change, message);
  }

  private static Canary canary(String name, String location, String sha256, CanaryMetric metric) {
    return new Canary(name, location, sha256, metric);
  }

  private static UnaryOperator<Policy.Builder> edits(UnaryOperator<EditPolicy.Builder> change) {
    return policy -> policy.setEdits(change.apply(EditExamples.editPolicy()).build());
  }

  static Stream<Arguments> brokenEditParts() {
    return Stream.of(
        broken(
            edits(part -> part.setEditor(" ")),
            "edits.editor is empty: name an editor, such as whitened, or where a trained one lies"),
        broken(
            edits(part -> part.setPreservedLocation("")),
            "edits.preserve is empty: leave it out, or name a task file"),
        broken(
            edits(part -> part.setLargestBatch(0)),
            "edits.largestBatch 0 is out of range: use 1 to 256"),
        broken(
            edits(part -> part.setWindow(600_001)),
            "edits.window 600001 is out of range: use 0 to 600000"),
        broken(
            edits(part -> part.setMostLive(2_001)),
            "edits.mostLive 2001 is out of range: use 1 to 2000"),
        broken(
            edits(part -> part.setLargestDrop(Double.NaN)),
            "edits.largestDrop NaN is no share: use 0 to 1, 0.01 for a point"),
        broken(
            edits(part -> part.setWhenUnmeasured(WhenUnmeasured.UNKNOWN)),
            "edits.whenUnmeasured is unknown to this release: use PUBLISH or REJECT"));
  }

  @ParameterizedTest
  @MethodSource("brokenEditParts")
  void shouldSayWhatIsWrongWithThePartForEdits(
      UnaryOperator<Policy.Builder> change, String message) {
    // Given
    Policy wrong = change.apply(policy("*")).build();

    // When / Then
    assertThat(PolicyRules.broken(wrong)).contains(message);
  }

  @Test
  void shouldLetARightPartForEditsThrough() {
    // Given
    Policy right = EditExamples.policyWith(EditExamples.editPolicy());

    // When / Then
    assertThat(PolicyRules.broken(right)).isEmpty();
    assertThat(GatePolicy.of(right).edits().mostLive()).isEqualTo(20);
  }

  static Stream<Arguments> brokenPolicies() {
    Canary right = policy("*").build().getCanaries().get(0);
    return Stream.of(
        broken(
            policy -> policy.setScope("Acme"),
            "scope \"Acme\" is none: use *, a tenant, or tenant/model"),
        broken(
            policy -> policy.setAuthor(" "),
            "author is empty: name the person or service that sets the policy"),
        broken(
            policy -> policy.setMethod(CompressionMethod.UNKNOWN),
            "method is unknown to this release: use DARE, DAREX_Q, MAGNITUDE or STRUCTURAL"),
        broken(policy -> policy.setPruneRates(List.of()), "pruneRates has 0 rungs: use 1 to 16"),
        broken(
            policy -> policy.setPruneRates(List.of(1.0)),
            "prune rate 1.0 is not one: use 0 to below 1, 0 for the whole delta"),
        broken(
            policy -> policy.setPruneRates(List.of(Double.NaN)),
            "prune rate NaN is not one: use 0 to below 1, 0 for the whole delta"),
        broken(
            policy -> policy.setPruneRates(List.of(0.9, 0.95)),
            "prune rate 0.95 follows 0.9: let each rung be lower than the one before"),
        broken(
            policy -> policy.setValues(ValueCode.UNKNOWN),
            "values is unknown to this release: use EXACT, BF16, F16, INT8 or INT4"),
        broken(
            policy -> policy.setRescale(RescaleStrategy.UNKNOWN),
            "rescale is unknown to this release: use GIVEN, VALIDATION, OUTPUT_CHANGE, ANALYTIC or"
                + " SHAPED"),
        broken(
            policy -> policy.setRescale(RescaleStrategy.SHAPED),
            "rescale SHAPED does not fit method DARE, which divides by a fixed number: use GIVEN,"
                + " or method DAREX_Q"),
        broken(
            policy ->
                policy.setMethod(CompressionMethod.DAREX_Q).setRescale(RescaleStrategy.VALIDATION),
            "rescale VALIDATION needs a calibration file: give calibration, or rescale GIVEN"),
        broken(
            policy -> policy.setCanaries(List.of(right, right)),
            "canary name \"tickets\" is used twice or not allowed: use 1 to 64 of A-Z a-z 0-9 . _ -"),
        broken(
            policy -> policy.setCanaries(List.of(canary("a", "", null, CanaryMetric.EXACT_MATCH))),
            "canary a has no task file: say where it lies"),
        broken(
            policy -> policy.setCanaries(List.of(canary("a", "x", "12", CanaryMetric.EXACT_MATCH))),
            "sha256 of canary a is no SHA-256: it has 64 characters of 0-9 a-f"),
        broken(
            policy -> policy.setCanaries(List.of(canary("a", "x", null, CanaryMetric.UNKNOWN))),
            "metric of canary a is unknown to this release: use EXACT_MATCH, ACCURACY, F1, MATTHEWS"
                + " or PEARSON_SPEARMAN"),
        broken(
            policy -> policy.setCalibrationLocation("tasks/tickets.jsonl"),
            "calibration is the file of canary tickets: calibrate on tasks that nothing is measured"
                + " on"),
        broken(
            policy -> policy.setLargestDrop(1.5),
            "largestDrop 1.5 is no share: use 0 to 1, 0.01 for a point"),
        broken(
            policy -> policy.setWhenUnmeasured(WhenUnmeasured.UNKNOWN),
            "whenUnmeasured is unknown to this release: use PUBLISH or REJECT"));
  }

  @ParameterizedTest
  @MethodSource("brokenPolicies")
  void shouldSayInOneLineWhatIsWrong(UnaryOperator<Policy.Builder> change, String message) {
    // Given
    Policy policy = change.apply(policy("*")).build();

    // When / Then
    assertThat(PolicyRules.broken(policy)).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "acme", "acme/router"})
  void shouldAllowEveryKindOfScope(String scope) {
    // When / Then
    assertThat(PolicyRules.broken(policy(scope).build())).isEmpty();
    assertThat(PolicyRules.broken(fittingPolicy(scope).build())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "**", "*/router", "acme/", "acme/router/x", "a..b"})
  void shouldRefuseWhatIsNoScope(String scope) {
    // When / Then
    assertThat(PolicyRules.isScope(scope)).isFalse();
  }

  @Test
  void shouldPassOnWhatIsRightAndTellOfIt() {
    // When
    List<Output> outputs =
        new PolicyRegistrar().received(policy("acme/router").build(), SOURCE, NOON);

    // Then
    RegistryEvent event = (RegistryEvent) outputs.get(1).value();
    assertThat(outputs.get(0)).isEqualTo(new Output("acme/router", policy("acme/router").build()));
    assertThat(event.getType()).isEqualTo("io.deltapress.policy.set");
    assertThat(event.getTenant()).isEqualTo("acme");
    assertThat(event.getModel()).isEqualTo("router");
    assertThat(event.getMessage())
        .isEqualTo("policy acme/router was set by ada: p [0.99, 0.9, 0.0], 1 canaries");
  }

  @Test
  void shouldKeepAPolicyInForceWhenABrokenOneFollows() {
    // When
    List<Output> outputs =
        new PolicyRegistrar().received(policy("*").setLargestDrop(-1).build(), SOURCE, NOON);

    // Then
    RegistryEvent event = (RegistryEvent) outputs.get(0).value();
    assertThat(outputs).hasSize(1);
    assertThat(event.getType()).isEqualTo("io.deltapress.policy.refused");
    assertThat(event.getMessage())
        .isEqualTo("largestDrop -1.0 is no share: use 0 to 1, 0.01 for a point");
  }
}
