package io.deltapress.app.domain;

import static io.deltapress.app.domain.Examples.NOON;
import static io.deltapress.app.domain.Examples.SOURCE;
import static io.deltapress.app.domain.Examples.USABLE_BASE;
import static io.deltapress.app.domain.Examples.calibrated;
import static io.deltapress.app.domain.Examples.failed;
import static io.deltapress.app.domain.Examples.fittingPolicy;
import static io.deltapress.app.domain.Examples.gateMeasured;
import static io.deltapress.app.domain.Examples.measured;
import static io.deltapress.app.domain.Examples.policy;
import static io.deltapress.app.domain.Examples.pruned;
import static io.deltapress.app.domain.Examples.refused;
import static io.deltapress.app.domain.Examples.result;
import static io.deltapress.app.domain.Examples.submission;
import static io.deltapress.app.domain.Examples.surveyed;
import static io.deltapress.app.domain.Examples.unmeasurable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deltapress.app.domain.PlanningDesk.Turn;
import io.deltapress.schemas.Calibrate;
import io.deltapress.schemas.Calibrated;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.CompressionSettings;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.GateMeasured;
import io.deltapress.schemas.GateReport;
import io.deltapress.schemas.GateRung;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.MeasureGate;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.Surveyed;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A delta on its ladder. */
class GateFlowTest {
  private static final int SHARDS = 2;

  private final InMemoryLedger ledger = new InMemoryLedger();
  private final PlanningDesk desk =
      new PlanningDesk(Examples.settings(), RequestValidators.of((tenant, topic) -> true), ledger);

  @BeforeEach
  void knowTheBase() {
    desk.baseChecked(USABLE_BASE, NOON);
  }

  private void set(Policy.Builder policy) {
    assertThat(PolicyRules.broken(policy.build())).isEmpty();
    desk.policySet(GatePolicy.of(policy.build()));
  }

  private static DeltaSubmission.Builder leftToPolicy(String id) {
    return submission(id, SHARDS).setUsePolicy(true);
  }

  private Turn submit(DeltaSubmission.Builder submission) {
    return desk.submitted(submission.build(), SOURCE, NOON);
  }

  private Turn answer(WorkResult result) {
    return desk.answered(result, NOON);
  }

  /** Submits and has the survey answered; the turn after that is the first of the ladder. */
  private Turn survey(DeltaSubmission.Builder submission) {
    return answer(surveyed(only(WorkTask.class, submit(submission)), SHARDS));
  }

  private Turn prune(Turn turn) {
    Turn last = turn;
    for (WorkTask task : of(WorkTask.class, turn)) {
      last = answer(pruned(task, ((PruneShard) task.getWork()).getShard()));
    }
    return last;
  }

  private static <T> List<T> of(Class<T> type, Turn turn) {
    return turn.outputs().stream()
        .map(Output::value)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private static <T> T only(Class<T> type, Turn turn) {
    assertThat(of(type, turn)).hasSize(1);
    return of(type, turn).get(0);
  }

  private static WorkTask gate(Turn turn) {
    WorkTask task = only(WorkTask.class, turn);
    assertThat(task.getMeasureGate()).isNotNull();
    return task;
  }

  private static List<String> events(Turn turn) {
    return of(RegistryEvent.class, turn).stream()
        .map(event -> event.getType().replace("io.deltapress.", ""))
        .toList();
  }

  @Test
  void shouldPublishAsBeforeAndSaySoWhenNoPolicyCoversTheModel() {
    // Given
    set(policy("acme/other"));

    // When
    Turn last = prune(survey(submission("s-1", SHARDS)));

    // Then
    GateReport report = only(ModelVersion.class, last).getGate();
    assertThat(report.getVerdict()).isEqualTo(GateVerdict.UNMEASURED);
    assertThat(report.getReason()).isEqualTo("no policy covers acme/router");
    assertThat(report.getPolicyScope()).isNull();
    assertThat(report.getRungs()).extracting(GateRung::getPruneRate).containsExactly(0.99);
  }

  @Test
  void shouldMeasureBeforeItPrunesWhenAPolicyHasCanaries() {
    // Given
    set(policy("*"));

    // When
    WorkTask task = gate(survey(leftToPolicy("s-1").setSeed(7L)));

    // Then
    MeasureGate work = task.getMeasureGate();
    assertThat(task.getTaskId()).isEqualTo("s-1/gate/00");
    assertThat(task.getWork()).isNull();
    assertThat(task.getDeadline()).isEqualTo(NOON.plusSeconds(60));
    assertThat(work.getBaseLocation()).isEqualTo("world/base");
    assertThat(work.getFineTunedLocation()).isEqualTo("acme/router");
    assertThat(work.getShardBytes()).isEqualTo(Examples.settings().shardBytes());
    assertThat(work.getCanaries()).isEqualTo(policy("*").build().getCanaries());
    assertThat(work.getCompression())
        .isEqualTo(
            new CompressionSettings(
                CompressionMethod.DARE,
                0.99,
                1 - 0.99,
                7L,
                ValueCode.EXACT,
                List.of(),
                List.of(),
                List.of()));
  }

  @Test
  void shouldPruneWhatWasMeasuredAndPutTheNumbersIntoTheVersionWhenARungPasses() {
    // Given
    set(policy("acme"));
    WorkTask task = gate(survey(leftToPolicy("s-1")));

    // When
    Turn passed = answer(measured(task, SHARDS, 0.99));
    Turn last = prune(passed);

    // Then
    RegistryEvent event = only(RegistryEvent.class, passed);
    assertThat(event.getType()).isEqualTo("io.deltapress.delta.gate-passed");
    assertThat(event.getMessage()).isEqualTo("p 0.99 passed: tickets 99.0 of 100.0");
    assertThat(of(WorkTask.class, passed))
        .extracting(shard -> ((PruneShard) shard.getWork()).getCompression())
        .containsOnly(task.getMeasureGate().getCompression());
    GateReport report = only(ModelVersion.class, last).getGate();
    assertThat(report.getVerdict()).isEqualTo(GateVerdict.PASSED);
    assertThat(report.getReason()).isNull();
    assertThat(report.getPolicyScope()).isEqualTo("acme");
    assertThat(report.getLargestDrop()).isEqualTo(0.01);
    assertThat(report.getRungs()).containsExactly(event.getRung());
    assertThat(event.getRung().getCanaries())
        .extracting(score -> score.getPrunedScore(), score -> score.getBaseScore())
        .containsExactly(tuple(0.99, 0.1));
    assertThat(ledger.answers).isEmpty();
  }

  @Test
  void shouldTryTheNextRungByItselfWhenOneFails() {
    // Given
    set(policy("*"));
    WorkTask first = gate(survey(leftToPolicy("s-1")));

    // When
    Turn failed = answer(measured(first, SHARDS, 0.989));
    WorkTask second = gate(failed);
    ModelVersion version = only(ModelVersion.class, prune(answer(measured(second, SHARDS, 1))));

    // Then
    assertThat(events(failed)).containsExactly("delta.gate-failed");
    assertThat(only(RegistryEvent.class, failed).getMessage())
        .isEqualTo("p 0.99 failed: tickets 98.9 of 100.0; the policy allows a drop of 1.0");
    assertThat(second.getTaskId()).isEqualTo("s-1/gate/01");
    assertThat(second.getMeasureGate().getCompression().getPruneRate()).isEqualTo(0.9);
    assertThat(version.getArtifact().getPruneRate()).isEqualTo(0.9);
    assertThat(version.getArtifact().getRescale()).isEqualTo(1 - 0.9);
    assertThat(version.getGate().getRungs())
        .extracting(GateRung::getVerdict)
        .containsExactly(GateVerdict.FAILED, GateVerdict.PASSED);
  }

  @Test
  void shouldRejectWithAllNumbersWhenTheLastRungFails() {
    // Given
    set(policy("*"));
    Turn turn = survey(leftToPolicy("s-1"));

    // When
    for (int rung = 0; rung < 3; rung++) {
      turn = answer(measured(gate(turn), SHARDS, 0.5 + rung / 10.0));
    }

    // Then
    Rejection rejection = only(Rejection.class, turn);
    assertThat(rejection.getReasonCode()).isEqualTo("GATE_FAILED");
    assertThat(rejection.getMessage())
        .isEqualTo(
            "every rung failed: p 0.99: tickets 50.0 of 100.0; the policy allows a drop of 1.0; p"
                + " 0.9: tickets 60.0 of 100.0; the policy allows a drop of 1.0; p 0.0: tickets"
                + " 70.0 of 100.0; the policy allows a drop of 1.0: add a lower rung to the policy"
                + " or train with less change");
    assertThat(events(turn)).containsExactly("delta.gate-failed", "delta.rejected");
    assertThat(ledger.modelsInWork()).isEmpty();
    assertThat(ledger.answers).isEmpty();
  }

  @Test
  void shouldFitEachRungAndMeasureWithWhatWasFoundWhenThePolicyAsksForIt() {
    // Given
    set(fittingPolicy("*"));
    WorkTask calibrate = only(WorkTask.class, survey(leftToPolicy("s-1")));

    // When
    Turn calibrated = answer(calibrated(calibrate, 0.02));
    WorkTask gate = gate(calibrated);
    WorkTask again = only(WorkTask.class, answer(measured(gate, SHARDS, 0)));

    // Then
    Calibrate work = calibrate.getCalibrate();
    assertThat(calibrate.getTaskId()).isEqualTo("s-1/calibrate/00");
    assertThat(work.getStrategy()).isEqualTo(RescaleStrategy.OUTPUT_CHANGE);
    assertThat(work.getCalibrationLocation()).isEqualTo("tasks/calibration.jsonl");
    assertThat(work.getCanaries()).hasSize(1);
    assertThat(only(RegistryEvent.class, calibrated).getMessage())
        .isEqualTo("p 0.99: q 0.02 after 7 evaluations");
    assertThat(gate.getMeasureGate().getCalibrationLocation()).isEqualTo("tasks/calibration.jsonl");
    assertThat(gate.getMeasureGate().getCompression().getRescale()).isEqualTo(0.02);
    assertThat(gate.getMeasureGate().getCompression().getRescalePerTensor())
        .extracting(own -> own.getTensor() + " " + own.getRescale())
        .containsExactly("layers.0.weight 0.5");
    assertThat(again.getTaskId()).isEqualTo("s-1/calibrate/01");
    assertThat(again.getCalibrate().getCompression().getPruneRate()).isEqualTo(0.9);
  }

  @Test
  void shouldCountAsUnmeasuredWhatCannotBeFitted() {
    // Given
    set(fittingPolicy("*"));
    WorkTask calibrate = only(WorkTask.class, survey(leftToPolicy("s-1")));
    Calibrated found = calibrated(calibrate, 1).getCalibrated();
    Calibrated nothing =
        new Calibrated(
            null,
            0d,
            List.of(),
            0d,
            0d,
            0,
            found.getSeconds(),
            "",
            "q cannot be fitted: too large");

    // When
    Turn turn = answer(result(calibrate, nothing));

    // Then
    assertThat(events(turn)).containsExactly("delta.gate-unmeasured", "delta.rejected");
    assertThat(only(Rejection.class, turn).getMessage())
        .startsWith("p 0.99 was not measured: q cannot be fitted: too large: see the policy's");
  }

  @Test
  void shouldFitNothingWhenNothingIsDropped() {
    // Given
    set(fittingPolicy("*").setPruneRates(List.of(0.0)));

    // When
    WorkTask task = gate(survey(leftToPolicy("s-1")));

    // Then
    assertThat(task.getMeasureGate().getCompression().getRescale()).isEqualTo(1);
  }

  @Test
  void shouldStartWithWhatTheSubmissionAsksForAndGoOnBelowItWhenItAsksForItself() {
    // Given
    set(policy("*").setPruneRates(List.of(0.99, 0.95, 0.9)));

    // When
    WorkTask first = gate(survey(submission("s-1", SHARDS).setPruneRate(0.95)));
    WorkTask second = gate(answer(measured(first, SHARDS, 0)));
    Turn end = answer(measured(second, SHARDS, 0));

    // Then
    assertThat(first.getMeasureGate().getCompression().getPruneRate()).isEqualTo(0.95);
    assertThat(second.getMeasureGate().getCompression().getPruneRate()).isEqualTo(0.9);
    assertThat(only(Rejection.class, end).getReasonCode()).isEqualTo("GATE_FAILED");
  }

  @Test
  void shouldRejectOrPublishAsThePolicySaysWhenNothingCanBeMeasured() {
    // Given
    set(policy("acme/router"));
    set(policy("acme/free").setWhenUnmeasured(WhenUnmeasured.PUBLISH));

    // When
    Turn strict = answer(unmeasurable(gate(survey(leftToPolicy("s-1")))));
    Turn free = answer(unmeasurable(gate(survey(leftToPolicy("s-2").setModel("free")))));
    ModelVersion version = only(ModelVersion.class, prune(free));

    // Then
    assertThat(only(Rejection.class, strict).getReasonCode()).isEqualTo("GATE_UNMEASURED");
    assertThat(only(Rejection.class, strict).getMessage())
        .isEqualTo(
            "p 0.99 was not measured: the architecture mamba is none this worker can run: see the"
                + " policy's canaries, or let it publish what is unmeasured");
    assertThat(events(free)).containsExactly("delta.gate-unmeasured");
    assertThat(version.getGate().getVerdict()).isEqualTo(GateVerdict.UNMEASURED);
    assertThat(version.getGate().getReason())
        .isEqualTo("the architecture mamba is none this worker can run");
  }

  @Test
  void shouldCountAPolicyWithoutCanariesAsUnmeasured() {
    // Given
    set(policy("*").setCanaries(List.of()).setWhenUnmeasured(WhenUnmeasured.PUBLISH));

    // When
    Turn last = prune(survey(leftToPolicy("s-1")));

    // Then
    assertThat(only(ModelVersion.class, last).getGate().getReason())
        .isEqualTo("policy * names no canary");
  }

  @Test
  void shouldDeadLetterWhenTheShardsMakeAnotherArtifactThanTheOneThatPassed() {
    // Given
    set(policy("*"));
    WorkTask task = gate(survey(leftToPolicy("s-1")));

    // When
    Turn last = prune(answer(measured(task, SHARDS + 1, 1)));

    // Then
    DeadLetter letter = only(DeadLetter.class, last);
    assertThat(letter.getReasonCode()).isEqualTo("INTEGRITY_MISMATCH");
    assertThat(letter.getMessage())
        .isEqualTo(
            "the shards of submission s-1 make artifact %s and the gate measured %s: see that all"
                    .formatted(Examples.artifactDigest(SHARDS), Examples.artifactDigest(SHARDS + 1))
                + " workers run one release, and submit again");
    assertThat(of(ModelVersion.class, last)).isEmpty();
  }

  @Test
  void shouldNotTakeScoresOfOtherCanariesForAVerdict() {
    // Given
    set(policy("*"));
    WorkTask task = gate(survey(leftToPolicy("s-1")));
    GateMeasured others = gateMeasured(SHARDS, 1).setCanaries(List.of()).build();

    // When
    Turn turn = answer(result(task, others));

    // Then
    assertThat(only(Rejection.class, turn).getReasonCode()).isEqualTo("GATE_UNMEASURED");
  }

  @Test
  void shouldFailARungWhoseScoreIsNoNumber() {
    // Given
    set(policy("*"));
    WorkTask task = gate(survey(leftToPolicy("s-1")));

    // When
    Turn turn = answer(measured(task, SHARDS, Double.NaN));

    // Then
    assertThat(events(turn)).containsExactly("delta.gate-failed");
  }

  @Test
  void shouldTakeTheMostSpecificPolicyAsAWhole() {
    // Given
    set(policy("*").setPruneRates(List.of(0.5)));
    set(policy("acme").setPruneRates(List.of(0.6)));
    set(policy("acme/router").setPruneRates(List.of(0.7)));
    WorkTask ofModel = gate(survey(leftToPolicy("s-1")));
    desk.policySet(GatePolicy.of(policy("acme/router").setRemoved(true).build()));
    WorkTask ofTenant = gate(survey(leftToPolicy("s-2").setModel("b")));
    WorkTask ofAll = gate(survey(leftToPolicy("s-3").setTenant("zeta")));

    // When / Then
    assertThat(List.of(ofModel, ofTenant, ofAll))
        .extracting(task -> task.getMeasureGate().getCompression().getPruneRate())
        .containsExactly(0.7, 0.6, 0.5);
  }

  @Test
  void shouldKeepThePolicyADeltaWasAcceptedUnderWhenItChanges() {
    // Given
    set(policy("*"));
    Turn turn = survey(leftToPolicy("s-1"));
    set(policy("*").setPruneRates(List.of(0.5)).setLargestDrop(1));

    // When
    Turn failed = answer(measured(gate(turn), SHARDS, 0.5));

    // Then
    assertThat(gate(failed).getMeasureGate().getCompression().getPruneRate()).isEqualTo(0.9);
  }

  @Test
  void shouldRejectAtOnceWhenASubmissionLeavesItsMethodToAPolicyThatIsNotThere() {
    // When
    Turn turn = submit(leftToPolicy("s-1"));

    // Then
    assertThat(only(Rejection.class, turn).getReasonCode()).isEqualTo("POLICY_MISSING");
    assertThat(only(Rejection.class, turn).getMessage())
        .isEqualTo(
            "no policy covers acme/router and the submission leaves its method to one: set one with"
                + " `deltapress policy set`, or name a method");
  }

  @Test
  void shouldIssueAGateAgainAndDeadLetterItWhenNobodyAnswers() {
    // Given
    set(policy("*"));
    Turn turn = survey(leftToPolicy("s-1"));
    WorkTask first = gate(turn);

    // When
    Turn paused = answer(failed(first, "WORKER_ERROR"));
    Turn second = desk.timePassed(NOON.plusSeconds(1));
    Turn third = desk.timePassed(NOON.plusSeconds(61));
    Turn end = desk.timePassed(NOON.plusSeconds(121));

    // Then
    assertThat(of(WorkTask.class, paused)).isEmpty();
    assertThat(gate(second).getAttempt()).isEqualTo(2);
    assertThat(gate(third).getDeadline()).isEqualTo(NOON.plusSeconds(121));
    assertThat(only(DeadLetter.class, end).getMessage())
        .isEqualTo(
            "task s-1/gate/00 was issued 3 times and not answered within 60000 ms: see that workers"
                + " of the calibrate lane run");
  }

  @Test
  void shouldRejectWhenAWorkerRefusesTheGate() {
    // Given
    set(policy("*"));
    WorkTask task = gate(survey(leftToPolicy("s-1")));

    // When
    Turn turn = answer(refused(task, "CALIBRATION_OVERLAPS_CANARY", "both have a task"));

    // Then
    assertThat(only(Rejection.class, turn).getReasonCode())
        .isEqualTo("CALIBRATION_OVERLAPS_CANARY");
  }

  @Test
  void shouldCountOnlyTheFirstAnswerToAGate() {
    // Given
    set(policy("*"));
    WorkTask task = gate(survey(leftToPolicy("s-1")));
    answer(measured(task, SHARDS, 0.5));

    // When
    Turn late = answer(measured(task, SHARDS, 1));

    // Then
    assertThat(late.outputs()).isEmpty();
  }

  @Test
  void shouldSendAMeasuredArtifactThroughTheStoreWhenItIsTooLargeForKafka() {
    // Given
    set(policy("*"));
    WorkTask task = gate(survey(leftToPolicy("s-1")));
    GateMeasured large = gateMeasured(SHARDS, 1).setArtifactBytes(1L << 30).build();

    // When
    Turn turn = answer(result(task, large));

    // Then
    assertThat(of(WorkTask.class, turn))
        .extracting(shard -> ((PruneShard) shard.getWork()).getDelivery())
        .containsOnly(Delivery.STORED);
  }

  @Test
  void shouldSendALowerRungThroughTheStoreWhenItsSizeWasNeverMeasured() {
    // Given
    set(policy("acme/large").setWhenUnmeasured(WhenUnmeasured.PUBLISH));
    set(policy("acme/small").setWhenUnmeasured(WhenUnmeasured.PUBLISH));
    WorkTask large = gate(surveyOf("s-1", "large", Examples.settings().inlineMaxBytes() + 1));
    WorkTask small = gate(surveyOf("s-2", "small", Examples.settings().inlineMaxBytes()));

    // When
    Turn largeNext = answer(unmeasurable(gate(answer(measured(large, SHARDS, 0)))));
    Turn smallNext = answer(unmeasurable(gate(answer(measured(small, SHARDS, 0)))));

    // Then
    assertThat(of(WorkTask.class, largeNext)).extracting(this::delivery).contains(Delivery.STORED);
    assertThat(of(WorkTask.class, smallNext)).extracting(this::delivery).contains(Delivery.INLINE);
  }

  @Test
  void shouldKeepTheDeliveryOfTheSurveyWhenTheFirstRungIsPublishedUnmeasured() {
    // Given
    set(policy("acme/large").setWhenUnmeasured(WhenUnmeasured.PUBLISH));
    WorkTask large = gate(surveyOf("s-1", "large", Examples.settings().inlineMaxBytes() + 1));

    // When
    Turn next = answer(unmeasurable(large));

    // Then
    assertThat(of(WorkTask.class, next))
        .extracting(this::delivery)
        .containsOnly(Delivery.INLINE)
        .hasSize(SHARDS);
  }

  private Turn surveyOf(String id, String model, long denseBytes) {
    WorkTask task = only(WorkTask.class, submit(leftToPolicy(id).setModel(model)));
    Surveyed found = (Surveyed) WorkRecords.outcomeOf(surveyed(task, SHARDS));
    return answer(result(task, new Surveyed(found.getShards(), denseBytes)));
  }

  private Delivery delivery(WorkTask task) {
    return ((PruneShard) task.getWork()).getDelivery();
  }

  @Test
  void shouldMeasureTheShardsOfTheSurveyWhenTheSettingHasChangedSince() {
    // Given
    set(policy("*"));
    WorkTask survey = only(WorkTask.class, submit(leftToPolicy("s-1")));
    PlannerSettings old = Examples.settings();
    PlannerSettings changed =
        new PlannerSettings(
            2 * old.shardBytes(),
            old.inlineMaxBytes(),
            old.deltaWindow(),
            old.tenantWindow(),
            old.laneWindow(),
            old.taskDeadline(),
            old.calibrateDeadline(),
            old.editDeadline(),
            old.defaultEditor(),
            old.taskAttempts(),
            old.taskBackoff());
    PlanningDesk restarted =
        new PlanningDesk(changed, RequestValidators.of((tenant, topic) -> true), ledger);

    // When
    Turn turn = restarted.answered(surveyed(survey, SHARDS), NOON);

    // Then
    assertThat(gate(turn).getMeasureGate().getShardBytes())
        .isEqualTo(((Survey) survey.getWork()).getShardBytes())
        .isEqualTo(old.shardBytes());
  }

  @Test
  void shouldGiveEachShardItsOwnFactorsAloneWhenFactorsOfSingleTensorsWereFitted() {
    // Given
    set(fittingPolicy("*"));
    WorkTask calibrate = only(WorkTask.class, survey(leftToPolicy("s-1")));

    // When
    Turn passed = answer(measured(gate(answer(calibrated(calibrate, 0.02))), SHARDS, 1));

    // Then
    assertThat(of(WorkTask.class, passed))
        .extracting(task -> (PruneShard) task.getWork())
        .extracting(
            work ->
                work.getShard()
                    + ": "
                    + work.getCompression().getRescalePerTensor().stream()
                        .map(own -> own.getTensor())
                        .toList())
        .containsExactly("0: [layers.0.weight]", "1: []");
  }

  @Test
  void shouldFitNothingWhenTheDeltaWillBeRejectedForWantOfCanaries() {
    // Given
    set(fittingPolicy("*").setCanaries(List.of()));

    // When
    Turn turn = survey(leftToPolicy("s-1"));

    // Then
    assertThat(of(WorkTask.class, turn)).isEmpty();
    assertThat(only(Rejection.class, turn).getMessage())
        .startsWith("p 0.99 was not measured: policy * names no canary: ");
  }

  @Test
  void shouldFitWhatItPublishesWithoutCanaries() {
    // Given
    set(fittingPolicy("*").setCanaries(List.of()).setWhenUnmeasured(WhenUnmeasured.PUBLISH));

    // When
    Turn last = prune(answer(calibrated(only(WorkTask.class, survey(leftToPolicy("s-1"))), 0.02)));

    // Then
    ModelVersion version = only(ModelVersion.class, last);
    assertThat(version.getArtifact().getRescale()).isEqualTo(0.02);
    assertThat(version.getGate().getReason()).isEqualTo("policy * names no canary");
  }

  @Test
  void shouldNotHoldUpShardsOfOthersWhenTheCalibrateLaneIsFull() {
    // Given
    set(policy("*"));
    for (String tenant : Set.of("a", "b", "c", "d")) {
      survey(leftToPolicy("s-" + tenant).setTenant(tenant));
    }
    Turn fifth = survey(leftToPolicy("s-e").setTenant("e"));

    // When
    Turn other =
        survey(submission("s-f", SHARDS).setTenant("f").setModel("unmeasured").setUsePolicy(false));

    // Then
    assertThat(of(WorkTask.class, fifth)).isEmpty();
    assertThat(of(WorkTask.class, other)).isEmpty();
    desk.policySet(GatePolicy.of(policy("*").setRemoved(true).build()));
    Turn free = survey(submission("s-g", SHARDS).setTenant("g"));
    assertThat(of(WorkTask.class, free))
        .extracting(WorkRecords::workOf)
        .hasOnlyElementsOfType(PruneShard.class)
        .hasSize(2);
  }
}
