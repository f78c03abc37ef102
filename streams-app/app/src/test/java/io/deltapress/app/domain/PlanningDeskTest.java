package io.deltapress.app.domain;

import static io.deltapress.app.domain.Examples.NOON;
import static io.deltapress.app.domain.Examples.SOURCE;
import static io.deltapress.app.domain.Examples.USABLE_BASE;
import static io.deltapress.app.domain.Examples.failed;
import static io.deltapress.app.domain.Examples.pruned;
import static io.deltapress.app.domain.Examples.refused;
import static io.deltapress.app.domain.Examples.submission;
import static io.deltapress.app.domain.Examples.surveyed;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.app.domain.PlanningDesk.Reception;
import io.deltapress.app.domain.PlanningDesk.Turn;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanningDeskTest {
  private final InMemoryLedger ledger = new InMemoryLedger();
  private final PlanningDesk desk =
      new PlanningDesk(Examples.settings(), RequestValidators.of((tenant, topic) -> true), ledger);

  @BeforeEach
  void knowTheBase() {
    desk.baseChecked(USABLE_BASE, NOON);
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

  private static List<String> events(Turn turn) {
    return of(RegistryEvent.class, turn).stream()
        .map(event -> event.getType().replace("io.deltapress.", ""))
        .toList();
  }

  private Turn submit(DeltaSubmission submission) {
    return desk.submitted(submission, SOURCE, NOON);
  }

  private WorkTask submitAndTakeSurvey(String id, int shards) {
    return only(WorkTask.class, submit(submission(id, shards).build()));
  }

  private List<WorkTask> surveyAndTakeShards(String id, int shards) {
    WorkTask survey = submitAndTakeSurvey(id, shards);
    return of(WorkTask.class, desk.answered(surveyed(survey, shards), NOON));
  }

  private static int shard(WorkTask task) {
    return ((PruneShard) task.getWork()).getShard();
  }

  @Test
  void shouldIssueASurveyWhenASubmissionIsAccepted() {
    // When
    Turn turn = submit(submission("s-1", 3).build());

    // Then
    WorkTask task = only(WorkTask.class, turn);
    assertThat(events(turn)).containsExactly("delta.accepted");
    assertThat(task.getTaskId()).isEqualTo("s-1/survey");
    assertThat(task.getAttempt()).isEqualTo(1);
    assertThat(task.getReturnKey()).isEqualTo("acme/router");
    assertThat(task.getDeadline()).isEqualTo(NOON.plusSeconds(10));
    assertThat(((Survey) task.getWork()).getBaseLocation()).isEqualTo("world/base");
    assertThat(((Survey) task.getWork()).getCompression().getRescale()).isEqualTo(1 - 0.99);
  }

  @Test
  void shouldPublishOnceWhenAllShardsArePruned() {
    // Given
    List<WorkTask> tasks = new ArrayList<>(surveyAndTakeShards("s-1", 3));
    Turn last = Turn.of(Reception.DROPPED);

    // When
    while (!tasks.isEmpty()) {
      WorkTask task = tasks.remove(0);
      last = desk.answered(pruned(task, shard(task)), NOON.plusSeconds(1));
      tasks.addAll(of(WorkTask.class, last));
    }

    // Then
    ModelVersion version = only(ModelVersion.class, last);
    assertThat(version.getVersion()).isEqualTo(1);
    assertThat(version.getArtifact().getShards()).hasSize(3);
    assertThat(version.getArtifact().getTotalBytes()).isEqualTo(300);
    assertThat(version.getArtifact().getDenseBytes()).isEqualTo(36);
    assertThat(version.getArtifact().getParameters()).isEqualTo(18);
    assertThat(version.getStatistics().getCount()).isEqualTo(18);
    assertThat(only(ModelHead.class, last).getPreviousVersion()).isNull();
    assertThat(events(last))
        .containsExactly("delta.shard-pruned", "version.published", "head.moved");
    assertThat(last.outputs().stream().map(Output::key))
        .containsSubsequence("acme/router/000001", "acme/router");
    assertThat(ledger.answers).isEmpty();
  }

  @Test
  void shouldWriteTheVersionBeforeTheHeadWhenItPublishes() {
    // Given
    WorkTask shard = surveyAndTakeShards("s-1", 1).get(0);

    // When
    Turn turn = desk.answered(pruned(shard, 0), NOON);

    // Then
    assertThat(turn.outputs().stream().map(output -> output.value().getClass().getSimpleName()))
        .containsSubsequence("ModelVersion", "ModelHead");
  }

  @Test
  void shouldDigestTheShardsInOrderWhenItAssembles() {
    // Given
    WorkTask shard = surveyAndTakeShards("s-1", 1).get(0);

    // When
    Turn turn = desk.answered(pruned(shard, 0), NOON);

    // Then
    String line = "0\t" + Checksums.sha256("shard 0") + "\n";
    assertThat(only(ModelVersion.class, turn).getArtifact().getArtifactDigest())
        .isEqualTo(Checksums.sha256(line));
  }

  @Test
  void shouldKeepWithinTheDeltaWindowWhenThereAreMoreShards() {
    // When
    List<WorkTask> tasks = surveyAndTakeShards("s-1", 5);

    // Then
    assertThat(tasks).extracting(PlanningDeskTest::shard).containsExactly(0, 1);
  }

  @Test
  void shouldDeliverInlineWhenTheEstimateIsSmall() {
    // When
    List<WorkTask> tasks = surveyAndTakeShards("s-1", 1);

    // Then
    assertThat(((PruneShard) tasks.get(0).getWork()).getDelivery()).isEqualTo(Delivery.INLINE);
  }

  @Test
  void shouldDeliverToTheStoreWhenTheEstimateIsLarge() {
    // When
    List<WorkTask> tasks = surveyAndTakeShards("s-1", 1000);

    // Then
    assertThat(((PruneShard) tasks.get(0).getWork()).getDelivery()).isEqualTo(Delivery.STORED);
  }

  @Test
  void shouldServeTenantsInTurnWhenTheLaneIsFull() {
    // Given
    List<WorkTask> first = surveyAndTakeShards("s-1", 9);
    DeltaSubmission another = submission("s-2", 9).setModel("another").build();
    WorkTask survey = only(WorkTask.class, submit(another));
    desk.answered(surveyed(survey, 9), NOON);
    submit(submission("s-3", 1).setTenant("bolt").build());

    // When
    Turn turn = desk.answered(pruned(first.get(0), 0), NOON);

    // Then
    assertThat(of(WorkTask.class, turn)).extracting(WorkTask::getTenant).containsExactly("acme");
    assertThat(ledger.models.get("bolt/router").delta().tasks()).hasSize(1);
  }

  @Test
  void shouldDropASubmissionWhenItCameBefore() {
    // Given
    submit(submission("s-1", 1).build());

    // When
    Turn turn = submit(submission("s-1", 1).setSubmittedAt(NOON.plusSeconds(5)).build());

    // Then
    assertThat(turn).isEqualTo(Turn.of(Reception.DROPPED));
  }

  @Test
  void shouldRejectASubmissionWhenItsIdWasUsedForAnotherRequest() {
    // Given
    submit(submission("s-1", 1).build());

    // When
    Turn turn = submit(submission("s-1", 1).setPruneRate(0.5).build());

    // Then
    Rejection rejection = only(Rejection.class, turn);
    assertThat(rejection.getReasonCode()).isEqualTo("DUPLICATE_SUBMISSION");
    assertThat(rejection.getMessage())
        .isEqualTo(
            "submission id s-1 was used at 2026-03-01T12:00:00Z for another request: choose a new"
                + " id");
    assertThat(ledger.models.get("acme/router").delta()).isNotNull();
  }

  @Test
  void shouldParkASubmissionWhenItsBaseIsUnknown() {
    // When
    Turn turn = submit(submission("s-1", 1).setBaseDigest("c".repeat(64)).build());

    // Then
    assertThat(events(turn)).containsExactly("delta.accepted", "delta.parked");
    assertThat(of(WorkTask.class, turn)).isEmpty();
  }

  @Test
  void shouldReleaseASubmissionWhenItsBaseBecomesUsable() {
    // Given
    submit(submission("s-1", 1).setBaseDigest("c".repeat(64)).build());

    // When
    Turn turn = desk.baseChecked(new BaseFact("c".repeat(64), "late", "late", null), NOON);

    // Then
    assertThat(only(WorkTask.class, turn).getTaskId()).isEqualTo("s-1/survey");
  }

  @Test
  void shouldRejectAParkedSubmissionWhenItsBaseIsRefused() {
    // Given
    submit(submission("s-1", 1).setBaseDigest("c".repeat(64)).build());

    // When
    Turn turn = desk.baseChecked(new BaseFact("c".repeat(64), "late", "late", "no file"), NOON);

    // Then
    Rejection rejection = only(Rejection.class, turn);
    assertThat(rejection.getReasonCode()).isEqualTo("UNKNOWN_BASE_REFUSED");
    assertThat(rejection.getMessage())
        .isEqualTo("base " + "c".repeat(64) + " was refused: no file");
  }

  @Test
  void shouldSupersedeADeltaWhenANewerOneArrives() {
    // Given
    List<WorkTask> older = surveyAndTakeShards("s-1", 2);

    // When
    Turn turn = submit(submission("s-2", 2).build());

    // Then
    Rejection rejection = only(Rejection.class, turn);
    assertThat(rejection.getSubmissionId()).isEqualTo("s-1");
    assertThat(rejection.getReasonCode()).isEqualTo("SUPERSEDED");
    assertThat(events(turn)).containsExactly("delta.superseded", "delta.accepted");
    assertThat(desk.answered(pruned(older.get(0), 0), NOON)).isEqualTo(Turn.of(Reception.DROPPED));
  }

  @Test
  void shouldRejectASubmissionWhenItExpectsAnotherVersion() {
    // Given
    surveyAndTakeShards("s-1", 1).forEach(task -> desk.answered(pruned(task, 0), NOON));

    // When
    Turn turn = submit(submission("s-2", 1).setExpectedVersion(0).build());

    // Then
    Rejection rejection = only(Rejection.class, turn);
    assertThat(rejection.getReasonCode()).isEqualTo("VERSION_CONFLICT");
    assertThat(rejection.getMessage())
        .isEqualTo(
            "acme/router is at version 1 and the submission expects 0: look at the new version and"
                + " submit again");
  }

  @Test
  void shouldGiveTheNextNumberWhenAModelHasAVersion() {
    // Given
    surveyAndTakeShards("s-1", 1).forEach(task -> desk.answered(pruned(task, 0), NOON));
    WorkTask shard = surveyAndTakeShards("s-2", 1).get(0);

    // When
    Turn turn = desk.answered(pruned(shard, 0), NOON);

    // Then
    assertThat(only(ModelVersion.class, turn).getVersion()).isEqualTo(2);
    assertThat(only(ModelHead.class, turn).getPreviousVersion()).isEqualTo(1);
  }

  @Test
  void shouldRejectASubmissionWhenTheWeightsAreOthers() {
    // Given
    DeltaSubmission wrong = submission("s-1", 1).setFineTunedDigest("d".repeat(64)).build();
    WorkTask survey = only(WorkTask.class, submit(wrong));
    WorkTask shard = only(WorkTask.class, desk.answered(surveyed(survey, 1), NOON));

    // When
    Turn turn = desk.answered(pruned(shard, 0), NOON);

    // Then
    assertThat(only(Rejection.class, turn).getReasonCode()).isEqualTo("FINE_TUNED_DIGEST_MISMATCH");
    assertThat(only(Rejection.class, turn).getMessage())
        .isEqualTo(
            "weights at acme/router have digest %s and the submission says %s: submit again with"
                    .formatted(Examples.fineTunedDigest(1).hex(), "d".repeat(64))
                + " the digest of what is there");
    assertThat(of(ModelVersion.class, turn)).isEmpty();
  }

  @Test
  void shouldDeadLetterASubmissionWhenShardsContradictEachOther() {
    // Given
    List<WorkTask> shards = surveyAndTakeShards("s-1", 2);
    desk.answered(pruned(shards.get(0), 0), NOON);
    WorkResult twice = pruned(shards.get(1), 1);
    ((ShardPruned) twice.getOutcome())
        .put("checksums", ((ShardPruned) pruned(shards.get(0), 0).getOutcome()).getChecksums());

    // When
    Turn turn = desk.answered(twice, NOON);

    // Then
    assertThat(only(DeadLetter.class, turn).getMessage())
        .isEqualTo(
            "the shards of submission s-1 do not make one checkpoint: tensor given twice:"
                + " layers.0.weight");
  }

  @Test
  void shouldRejectASubmissionWhenAWorkerRefusesItsTask() {
    // Given
    WorkTask survey = submitAndTakeSurvey("s-1", 1);

    // When
    Turn turn = desk.answered(refused(survey, "NON_FINITE_RESULT", "tensor w has NaN at 3"), NOON);

    // Then
    Rejection rejection = only(Rejection.class, turn);
    assertThat(rejection.getReasonCode()).isEqualTo("NON_FINITE_RESULT");
    assertThat(rejection.getMessage()).isEqualTo("tensor w has NaN at 3");
    assertThat(rejection.getInputTopic()).isEqualTo("deltapress.deltas.submitted");
    assertThat(rejection.getInputPartition()).isEqualTo(2);
    assertThat(rejection.getInputOffset()).isEqualTo(41);
  }

  @Test
  void shouldIssueATaskAgainWhenItFailedAndPaused() {
    // Given
    WorkTask survey = submitAndTakeSurvey("s-1", 1);
    Turn failure = desk.answered(failed(survey, "STORE_UNAVAILABLE"), NOON);

    // When
    Turn tooEarly = desk.timePassed(NOON.plusMillis(999));
    Turn turn = desk.timePassed(NOON.plusMillis(1000));

    // Then
    assertThat(failure.outputs()).isEmpty();
    assertThat(tooEarly.outputs()).isEmpty();
    assertThat(only(WorkTask.class, turn).getAttempt()).isEqualTo(2);
  }

  @Test
  void shouldIssueATaskAgainWhenItIsOverdue() {
    // Given
    submitAndTakeSurvey("s-1", 1);

    // When
    Turn turn = desk.timePassed(NOON.plusSeconds(10));

    // Then
    assertThat(only(WorkTask.class, turn).getAttempt()).isEqualTo(2);
    assertThat(only(WorkTask.class, turn).getDeadline()).isEqualTo(NOON.plusSeconds(20));
  }

  @Test
  void shouldCountTheFirstAnswerWhenATaskWasIssuedTwice() {
    // Given
    WorkTask survey = submitAndTakeSurvey("s-1", 1);
    WorkTask again = only(WorkTask.class, desk.timePassed(NOON.plusSeconds(10)));

    // When
    Turn late = desk.answered(surveyed(survey, 1), NOON.plusSeconds(11));
    Turn second = desk.answered(surveyed(again, 1), NOON.plusSeconds(12));

    // Then
    assertThat(late.reception()).isEqualTo(Reception.COUNTED);
    assertThat(second).isEqualTo(Turn.of(Reception.DROPPED));
  }

  @Test
  void shouldPassOverAFailureWhenItIsOfAnEarlierAttempt() {
    // Given
    WorkTask survey = submitAndTakeSurvey("s-1", 1);
    desk.timePassed(NOON.plusSeconds(10));

    // When
    Turn turn = desk.answered(failed(survey, "WORKER_ERROR"), NOON.plusSeconds(11));

    // Then
    assertThat(turn).isEqualTo(Turn.of(Reception.DROPPED));
  }

  @Test
  void shouldDeadLetterASubmissionWhenItsAttemptsAreUsedUp() {
    // Given
    submitAndTakeSurvey("s-1", 1);
    desk.timePassed(NOON.plusSeconds(10));
    desk.timePassed(NOON.plusSeconds(20));

    // When
    Turn turn = desk.timePassed(NOON.plusSeconds(30));

    // Then
    DeadLetter letter = only(DeadLetter.class, turn);
    assertThat(letter.getReasonCode()).isEqualTo("TASK_DEADLINE_EXCEEDED");
    assertThat(letter.getMessage())
        .isEqualTo(
            "task s-1/survey was issued 3 times and not answered within 10000 ms: see that workers"
                + " run");
    assertThat(letter.getAttempts()).isEqualTo(3);
    assertThat(events(turn)).containsExactly("delta.dead-lettered");
    assertThat(ledger.models.get("acme/router").delta()).isNull();
  }

  @Test
  void shouldDeadLetterAtOnceWhenATaskIsQuarantined() {
    // Given
    WorkTask survey = submitAndTakeSurvey("s-1", 1);

    // When
    Turn turn = desk.answered(failed(survey, "TASK_QUARANTINED"), NOON);

    // Then
    assertThat(only(DeadLetter.class, turn).getReasonCode()).isEqualTo("TASK_QUARANTINED");
    assertThat(only(DeadLetter.class, turn).getErrorClass()).isEqualTo("java.io.IOException");
  }

  @Test
  void shouldRejectASubmissionWhenAVersionCannotNameItsShards() {
    // Given
    WorkTask survey = submitAndTakeSurvey("s-1", 1);

    // When
    Turn turn = desk.answered(surveyed(survey, 4097), NOON);

    // Then
    assertThat(only(Rejection.class, turn).getMessage())
        .isEqualTo(
            "the delta needs 4097 shards of 1048576 bytes and a version names at most 4096: raise"
                + " shard.bytes");
  }

  @Test
  void shouldGoOnWhereItStoodWhenThePartitionIsOpenedAgain() {
    // Given
    List<WorkTask> tasks = surveyAndTakeShards("s-1", 2);
    PlanningDesk reopened =
        new PlanningDesk(
            Examples.settings(), RequestValidators.of((tenant, topic) -> true), ledger);
    reopened.answered(pruned(tasks.get(1), 1), NOON);

    // When
    Turn turn = reopened.answered(pruned(tasks.get(0), 0), NOON);

    // Then
    assertThat(only(ModelVersion.class, turn).getVersion()).isEqualTo(1);
  }

  @Test
  void shouldForgetASubmissionWhenItIsOlderThanItsRecordIsKept() {
    // Given
    surveyAndTakeShards("s-1", 1).forEach(task -> desk.answered(pruned(task, 0), NOON));

    // When
    desk.timePassed(NOON.plus(Duration.ofDays(32)));

    // Then
    assertThat(ledger.marks).isEmpty();
  }
}
