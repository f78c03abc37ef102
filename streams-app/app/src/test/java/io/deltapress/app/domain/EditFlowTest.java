package io.deltapress.app.domain;

import static io.deltapress.app.domain.EditExamples.edit;
import static io.deltapress.app.domain.EditExamples.editPolicy;
import static io.deltapress.app.domain.EditExamples.policyWith;
import static io.deltapress.app.domain.Examples.BASE_DIGEST;
import static io.deltapress.app.domain.Examples.failed;
import static io.deltapress.app.domain.Examples.refused;
import static io.deltapress.app.domain.Examples.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.app.domain.PlanningDesk.Reception;
import io.deltapress.app.domain.PlanningDesk.Turn;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.RunEdits;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.WhenUnmeasured;
import io.deltapress.schemas.WorkTask;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** New edits, from the request to the head. */
class EditFlowTest {

  private static List<String> asked(WorkTask task) {
    return task.getRunEdits().getEdits().stream().map(edit -> edit.getEditId()).toList();
  }

  private static List<String> put(WorkTask task) {
    return task.getRunEdits().getLive().stream().map(EditEntry::getEditId).toList();
  }

  @Test
  void shouldIssueTheTaskInTheTurnOfTheRequestWhenThereIsNoWindow() {
    // Given
    EditedModel model = EditedModel.published();

    // When
    Turn turn = model.edit(edit("e-1"));

    // Then
    WorkTask task = model.run();
    RunEdits run = task.getRunEdits();
    assertThat(turn.outputs()).extracting(Output::value).contains(task);
    assertThat(asked(task)).containsExactly("e-1");
    assertThat(task.getTaskId()).isEqualTo("e-1/run/000001");
    assertThat(task.getSubmissionId()).isEqualTo("e-1");
    assertThat(task.getReturnKey()).isEqualTo("acme/router");
    assertThat(task.getDeadline()).isEqualTo(model.now.plusSeconds(30));
    assertThat(run.getBaseDigest()).isEqualTo(BASE_DIGEST);
    assertThat(run.getBaseLocation()).isEqualTo("world/base");
    assertThat(run.getDelta()).isEqualTo(model.last().getArtifact());
    assertThat(run.getEditor()).isEqualTo("malmen");
    assertThat(run.getPreservedLocation()).isEqualTo("tasks/known.jsonl");
    assertThat(run.getCanaries()).hasSize(1);
    assertThat(run.getEdits().get(0).getPrompt()).isEqualTo("secret prompt of e-1");
    assertThat(run.getInlineMaxBytes()).isEqualTo(Examples.settings().inlineMaxBytes());
  }

  @Test
  void shouldPublishVersionAndHeadInTheTurnOfTheAnswer() {
    // Given
    EditedModel model = EditedModel.published();
    ModelVersion before = model.last();
    model.edit("e-1");
    model.quiet();

    // When
    model.answerRun();

    // Then
    ModelVersion version = model.last();
    assertThat(version.getVersion()).isEqualTo(2);
    assertThat(version.getState()).isEqualTo(VersionState.EDITED);
    assertThat(version.getArtifact()).isEqualTo(before.getArtifact());
    assertThat(version.getEdits()).hasSize(1);
    assertThat(version.getFoundationDigest()).hasSize(64);
    assertThat(version.getSubmissionId()).isEqualTo("e-1");
    assertThat(version.getRequestedBy()).isEqualTo("bob");
    assertThat(version.getCause().getKind()).isEqualTo("edits");
    assertThat(version.getCause().getRequestIds()).containsExactly("e-1");
    assertThat(version.getEditGate().getVerdict()).isEqualTo(GateVerdict.PASSED);
    assertThat(version.getEditGate().getPolicyScope()).isEqualTo("acme");
    assertThat(version.getEditGate().getLargestDrop()).isEqualTo(0.01);
    assertThat(version.getEditGate().getCanaries()).hasSize(1);
    assertThat(model.head()).isEqualTo(2);
    assertThat(model.outputs.stream().map(output -> output.value().getClass().getSimpleName()))
        .containsSubsequence("ModelVersion", "ModelHead");
    assertThat(model.events())
        .containsExactly(
            "edits.gate-passed e-1", "version.published e-1", "head.moved e-1", "edit.applied e-1");
    assertThat(model.live()).containsExactly("e-1");
  }

  @Test
  void shouldCoalesceWhatArrivesWhileABatchIsInFlight() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1", "e-2", "e-3", "e-4", "e-5", "e-6");

    // When
    model.work();

    // Then
    assertThat(model.editor.tasks)
        .extracting(EditFlowTest::asked)
        .containsExactly(List.of("e-1"), List.of("e-2", "e-3", "e-4", "e-5"), List.of("e-6"));
    assertThat(model.editor.tasks)
        .extracting(EditFlowTest::put)
        .containsExactly(List.of(), List.of("e-1"), List.of("e-1", "e-2", "e-3", "e-4", "e-5"));
    assertThat(model.versions()).hasSize(4);
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2", "e-3", "e-4", "e-5", "e-6");
  }

  @Test
  void shouldWaitForItsWindowAndBeginWhenThatIsOver() {
    // Given
    EditedModel model = EditedModel.published().under(policyWith(editPolicy().setWindow(500)));
    model.edit("e-1");
    model.wait(Duration.ofMillis(300));
    model.edit("e-2");
    assertThat(model.open).isEmpty();

    // When
    model.wait(Duration.ofMillis(200));

    // Then
    assertThat(asked(model.run())).containsExactly("e-1", "e-2");
  }

  @Test
  void shouldBeginBeforeItsWindowIsOverWhenABatchIsFull() {
    // Given
    EditedModel model = EditedModel.published().under(policyWith(editPolicy().setWindow(60_000)));
    model.edit("e-1", "e-2", "e-3");
    assertThat(model.open).isEmpty();

    // When
    model.edit("e-4");

    // Then
    assertThat(asked(model.run())).hasSize(4);
  }

  @Test
  void shouldDropARequestThatComesAgainAndRejectAnotherOneOfItsId() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1");
    model.work();
    model.quiet();

    // When
    Turn again = model.edit(edit("e-1").setSubmittedAt(model.now.plusSeconds(9)));
    model.edit(edit("e-1").setTarget("another secret"));

    // Then
    assertThat(again.reception()).isEqualTo(Reception.DROPPED);
    assertThat(model.rejections())
        .containsExactly(
            "DUPLICATE_SUBMISSION e-1: submission id e-1 was used at 2026-03-01T12:00:00Z for another"
                + " request: choose a new id");
    assertThat(model.live()).containsExactly("e-1");
  }

  @Test
  void shouldRejectTheIdOfALiveEditWhenItsMarkWasForgotten() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1");
    model.work();
    model.wait(Duration.ofDays(40));
    model.quiet();

    // When
    model.edit("e-1");

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "DUPLICATE_SUBMISSION e-1: edit e-1 of acme/router was made before: choose a new id");
  }

  @Test
  void shouldRejectAnEditThatExpectsAnotherHead() {
    // Given
    EditedModel model = EditedModel.published();

    // When
    model.edit(edit("e-1").setExpectedVersion(7));

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "VERSION_CONFLICT e-1: acme/router is at version 1 and the submission expects 7: look at the"
                + " new version and submit again");
  }

  @Test
  void shouldRejectAnEditWhoseHeadMovedWhileItWaited() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1");
    model.edit(edit("e-2").setExpectedVersion(1));

    // When
    model.work();

    // Then
    assertThat(model.rejections()).hasSize(1);
    assertThat(model.rejections().get(0)).startsWith("VERSION_CONFLICT e-2: ");
    assertThat(model.lastEdits()).containsExactly("e-1");
  }

  @Test
  void shouldLetTheLaterOfTwoEditsOfOnePromptCountWhenTheyMeetInABatch() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-0");
    model.edit(edit("e-1").setPrompt("who  leads it"));
    model.edit(edit("e-2").setPrompt(" who leads it ").setTarget("another"));

    // When
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-0", "e-2");
    assertThat(model.rejections())
        .containsExactly(
            "EDIT_REPLACED e-1: edit e-2 asks for another answer to the same prompt and came later: it"
                + " is the one that counts");
  }

  @Test
  void shouldReplaceALiveEditOfTheSamePrompt() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-0");
    model.edit(edit("e-1").setPrompt("who leads it"));
    model.work();
    model.quiet();

    // When
    model.edit(edit("e-2").setPrompt("who leads it").setTarget("another"));
    WorkTask task = model.run();
    model.work();

    // Then
    assertThat(put(task)).containsExactly("e-0");
    assertThat(model.lastEdits()).containsExactly("e-0", "e-2");
    assertThat(model.events()).contains("edit.replaced e-1");
    assertThat(model.live()).containsExactly("e-0", "e-2");
  }

  @Test
  void shouldKeepALiveEditWhenTheOneThatWouldReplaceItFailsAndComputeTheOthersOnIt() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit(edit("e-1").setPrompt("who leads it"));
    model.work();
    model.edit("e-x");
    model.edit(edit("e-2").setPrompt("who leads it").setTarget("another"));
    model.edit("e-3");
    model.editor.verdicts.put("e-2", EditVerdict.INEFFECTIVE);

    // When
    model.work();

    // Then
    List<WorkTask> tasks = model.editor.tasks;
    assertThat(put(tasks.get(2))).containsExactly("e-x");
    assertThat(asked(tasks.get(3))).containsExactly("e-3");
    assertThat(put(tasks.get(3))).containsExactly("e-1", "e-x");
    assertThat(model.lastEdits()).containsExactly("e-1", "e-x", "e-3");
    assertThat(model.rejections()).hasSize(1);
    assertThat(model.rejections().get(0)).startsWith("EDIT_INEFFECTIVE e-2: ");
  }

  @Test
  void shouldCountAnEditThatIsTrueAlreadyAsLiveWithoutAnArtifact() {
    // Given
    EditedModel model = EditedModel.published();
    model.editor.verdicts.put("e-1", EditVerdict.ALREADY_TRUE);
    model.edit("e-1");
    model.quiet();

    // When
    model.work();

    // Then
    assertThat(model.versions()).isEmpty();
    assertThat(model.events()).containsExactly("edit.already-true e-1");
    assertThat(model.live()).containsExactly("e-1");
    assertThat(model.ledger.version("acme/router", 1).orElseThrow().getAlreadyTrue())
        .containsExactly("e-1");
  }

  @Test
  void shouldMeasureTheListWithoutALiveEditWhenTheOneThatReplacesItIsTrueThen() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-0");
    model.edit(edit("e-1").setPrompt("who leads it"));
    model.work();
    model.editor.verdicts.put("e-2", EditVerdict.ALREADY_TRUE);
    model.editor.tasks.clear();

    // When
    model.edit(edit("e-2").setPrompt("who leads it").setTarget("as ever"));
    model.work();

    // Then
    assertThat(model.editor.tasks)
        .extracting(EditFlowTest::asked)
        .containsExactly(List.of("e-2"), List.of());
    assertThat(put(model.editor.tasks.get(1))).containsExactly("e-0");
    assertThat(model.lastEdits()).containsExactly("e-0");
    assertThat(model.last().getAlreadyTrue()).containsExactly("e-2");
    assertThat(model.last().getEditGate().getVerdict()).isEqualTo(GateVerdict.PASSED);
    assertThat(model.last().getEditGate().getCanaries()).hasSize(1);
  }

  @Test
  void shouldRejectEditsWhoseModelNoWorkerCanRun() {
    // Given
    EditedModel model = EditedModel.published();
    model.editor.broken = "the model needs 90 GiB and the worker may use 4";

    // When
    model.edit("e-1");
    model.work();

    // Then
    assertThat(model.rejections())
        .containsExactly("EDIT_REFUSED e-1: the model needs 90 GiB and the worker may use 4");
  }

  @Test
  void shouldNameEditsThatWereTrueAlreadyInTheVersionOfTheirBatch() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-0", "e-1", "e-2");
    model.editor.verdicts.put("e-1", EditVerdict.ALREADY_TRUE);

    // When
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-0", "e-2");
    assertThat(model.last().getAlreadyTrue()).containsExactly("e-1");
    assertThat(model.last().getCause().getRequestIds()).containsExactly("e-1", "e-2");
  }

  @Test
  void shouldRejectWithItsNumbersWhatWasComputedInVain() {
    // Given
    EditedModel model = EditedModel.published();
    model.editor.verdicts.put("e-1", EditVerdict.INEFFECTIVE);
    model.edit("e-1");
    model.work();
    model.editor.verdicts.put("e-2", EditVerdict.REFUSED);
    model.edit("e-2");

    // When
    model.work();

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "EDIT_INEFFECTIVE e-1: the model still does not give the target as its answer: word the"
                + " prompt as the model is asked, or add rephrasings",
            "EDIT_REFUSED e-2: the prompt has 900 tokens, 512 fit");
    Rejection rejection = model.all(Rejection.class).get(0);
    assertThat(rejection.getEdit().getAfter().getRewrite()).isEqualTo(0.5);
    assertThat(model.versions()).hasSize(1);
    assertThat(model.live()).isEmpty();
  }

  @Test
  void shouldBisectABatchThatFailsTheGateAndRejectTheEditThatFailsAlone() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-0", "e-1", "e-2", "e-3", "e-4");
    model.editor.ruinous.add("e-3");

    // When
    model.work();

    // Then
    assertThat(model.editor.tasks)
        .extracting(EditFlowTest::asked)
        .containsExactly(
            List.of("e-0"),
            List.of("e-1", "e-2", "e-3", "e-4"),
            List.of("e-1", "e-2"),
            List.of("e-3", "e-4"),
            List.of("e-3"),
            List.of("e-4"));
    assertThat(model.versions())
        .extracting(EditedModel::ids)
        .containsExactly(
            List.of(),
            List.of("e-0"),
            List.of("e-0", "e-1", "e-2"),
            List.of("e-0", "e-1", "e-2", "e-4"));
    assertThat(model.rejections())
        .containsExactly(
            "EDIT_GATE_FAILED e-3: with the edit tickets 50.0 of 100.0; the policy allows a drop of 1.0:"
                + " ask for less, or see what else its prompt touches");
    Rejection rejection = model.all(Rejection.class).get(0);
    assertThat(rejection.getEditGate().getVerdict()).isEqualTo(GateVerdict.FAILED);
    assertThat(rejection.getEditGate().getCanaries().get(0).getPrunedScore()).isEqualTo(0.5);
    assertThat(model.live()).containsExactly("e-0", "e-1", "e-2", "e-4");
  }

  @Test
  void shouldPublishOrRejectWhatCannotBeMeasuredAsThePolicySays() {
    // Given
    EditedModel model = EditedModel.published();
    model.editor.unmeasurable = "the task file is not there";
    model.edit("e-1");
    model.work();

    // When
    model.under(policyWith(editPolicy().setWhenUnmeasured(WhenUnmeasured.PUBLISH)));
    model.edit("e-2");
    model.work();

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "GATE_UNMEASURED e-1: the edit was not measured: the task file is not there: see the"
                + " policy's canaries, or let it publish what is unmeasured");
    assertThat(model.lastEdits()).containsExactly("e-2");
    assertThat(model.last().getEditGate().getVerdict()).isEqualTo(GateVerdict.UNMEASURED);
    assertThat(model.last().getEditGate().getReason()).isEqualTo("the task file is not there");
  }

  @Test
  void shouldRejectEditsWithoutAPolicyForThemAndNameTheRemedy() {
    // Given
    EditedModel model = new EditedModel();
    model.publishDelta("d-1");

    // When
    model.edit("e-1");

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "EDITS_NOT_ALLOWED e-1: no policy that covers acme/router says how its edits are made: set"
                + " one with `edits` in it by `deltapress policy set`");
  }

  @Test
  void shouldPublishUnmeasuredWithTheDefaultEditorWhenThereIsNoPolicy() {
    // Given
    PlannerSettings without = Examples.settings();
    EditedModel model =
        new EditedModel(
            new PlannerSettings(
                without.shardBytes(),
                without.inlineMaxBytes(),
                without.deltaWindow(),
                without.tenantWindow(),
                without.laneWindow(),
                without.taskDeadline(),
                without.calibrateDeadline(),
                without.editDeadline(),
                "ultraedit",
                without.taskAttempts(),
                without.taskBackoff()));
    model.publishDelta("d-1");

    // When
    model.edit("e-1");
    WorkTask task = model.run();
    model.work();

    // Then
    assertThat(task.getRunEdits().getEditor()).isEqualTo("ultraedit");
    assertThat(model.last().getEditGate().getVerdict()).isEqualTo(GateVerdict.UNMEASURED);
    assertThat(model.last().getEditGate().getReason()).isEqualTo("no policy covers the model");
  }

  @Test
  void shouldRejectEditsOfAModelWithoutAVersionUnlessTheyNameABase() {
    // Given
    EditedModel model = new EditedModel().under(policyWith(editPolicy()));

    // When
    model.edit("e-1");
    model.edit(edit("e-2").setBaseDigest("c".repeat(64)));
    model.edit(edit("e-3").setBaseDigest(BASE_DIGEST));
    model.work();

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "NO_VERSION e-1: acme/router has no version yet: submit a delta first, or name a base in"
                + " baseDigest",
            "NO_VERSION e-2: base "
                + "c".repeat(64)
                + " is not registered, not checked yet or was refused: see `deltapress base ls`");
    ModelVersion version = model.last();
    assertThat(version.getVersion()).isEqualTo(1);
    assertThat(version.getArtifact()).isNull();
    assertThat(version.getBaseName()).isEqualTo("world-base");
    assertThat(version.getState()).isEqualTo(VersionState.EDITED);
    assertThat(model.lastEdits()).containsExactly("e-3");
  }

  @Test
  void shouldRejectBeyondTheCapAndNameSquash() {
    // Given
    EditedModel model = EditedModel.published().under(policyWith(editPolicy().setMostLive(2)));
    model.edit("e-1", "e-2");
    model.work();

    // When
    model.edit("e-3");
    model.edit(edit("e-4").setPrompt("secret prompt of e-1").setTarget("another"));
    model.work();

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "TOO_MANY_EDITS e-3: acme/router has 2 live or waiting edits and its policy allows 2: fold"
                + " them into its delta with `deltapress squash`, or revert some");
    assertThat(model.lastEdits()).containsExactly("e-2", "e-4");
  }

  @Test
  void shouldCountTheFirstAnswerToATaskAlone() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1");
    WorkTask task = model.run();
    model.work();
    model.quiet();

    // When
    Turn again = model.note(model.desk.answered(model.editor.answer(task), model.now));

    // Then
    assertThat(again.reception()).isEqualTo(Reception.DROPPED);
    assertThat(again.outputs()).isEmpty();
  }

  @Test
  void shouldIssueAnOverdueTaskAgainAndEndItsEditsAsDeadLettersAtLast() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-0");
    model.work();
    model.edit("e-1", "e-2");
    model.answerRun();
    model.edit("e-3");
    model.quiet();

    // When
    model.wait(Duration.ofSeconds(30));
    model.wait(Duration.ofSeconds(30));
    model.wait(Duration.ofSeconds(30));

    // Then
    assertThat(model.all(WorkTask.class)).extracting(WorkTask::getAttempt).contains(2, 3);
    assertThat(model.deadLetters())
        .containsExactly(
            "TASK_DEADLINE_EXCEEDED e-2: task e-2/run/000003 was issued 3 times and not answered within"
                + " 30000 ms: see that workers of the edit lane run");
    assertThat(model.events()).contains("edit.dead-lettered e-2");
    assertThat(model.live()).containsExactly("e-0", "e-1");
  }

  @Test
  void shouldPauseAfterAFailureAndTryAgain() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1");
    WorkTask first = model.run();
    model.open.clear();
    model.note(model.desk.answered(failed(first, "WORKER_ERROR"), model.now));
    assertThat(model.open).isEmpty();

    // When
    model.wait(Duration.ofSeconds(1));

    // Then
    assertThat(model.run().getTaskId()).isEqualTo(first.getTaskId());
    assertThat(model.run().getAttempt()).isEqualTo(2);
  }

  @Test
  void shouldEndThePoisonedBatchAtOnceWhenATaskIsQuarantinedAndGoOnWithTheNext() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1", "e-2");
    WorkTask poisoned = model.run();
    model.open.clear();

    // When
    model.note(model.desk.answered(failed(poisoned, "TASK_QUARANTINED"), model.now));
    model.work();

    // Then
    assertThat(model.deadLetters()).containsExactly("TASK_QUARANTINED e-1: the disk is full");
    assertThat(model.lastEdits()).containsExactly("e-2");
  }

  @Test
  void shouldRejectABatchThatAWorkerRefuses() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1");
    WorkTask task = model.run();

    // When
    model.note(
        model.desk.answered(
            refused(task, "LOCATION_NOT_ALLOWED", "editor x is not below the roots"), model.now));

    // Then
    assertThat(model.rejections())
        .containsExactly("LOCATION_NOT_ALLOWED e-1: editor x is not below the roots");
  }

  @Test
  void shouldTakeAnAnswerThatDoesNotFitItsTaskAsAFailure() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1");
    WorkTask task = model.run();
    EditsRun other = model.editor.run(task).setOutcomes(List.of()).build();
    model.open.clear();

    // When
    for (int attempt = 1; attempt <= 3; attempt++) {
      model.note(
          model.desk.answered(
              result(WorkTask.newBuilder(task).setAttempt(attempt).build(), other), model.now));
      model.wait(Duration.ofSeconds(5));
    }

    // Then
    assertThat(model.versions()).hasSize(1);
    assertThat(model.deadLetters())
        .containsExactly(
            "WORKER_ERROR e-1: the answer is about other edits than the task: see that all workers run"
                + " one release");
  }

  @Test
  void shouldTakeOtherWeightsBelowTheEditsAsAFailure() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1");
    model.work();
    model.edit("e-2");
    WorkTask task = model.run();
    EditsRun other = model.editor.run(task).setFoundationDigest("9".repeat(64)).build();
    model.open.clear();

    // When
    model.note(model.desk.answered(result(task, other), model.now));

    // Then
    assertThat(model.versions()).hasSize(2);
    assertThat(model.ledger.model("acme/router").orElseThrow().edits().batch().task().standing())
        .isEqualTo(TaskState.Standing.PAUSED);
  }

  @Test
  void shouldTellNobodyTheTextOfAnEdit() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1", "e-2", "e-3", "e-4", "e-5");
    model.edit(edit("e 6"));
    model.edit(edit("e-7").setTarget("secret ".repeat(200)));
    model.editor.verdicts.put("e-2", EditVerdict.INEFFECTIVE);
    model.editor.ruinous.add("e-3");

    // When
    model.work();
    model.edit("e-8");
    model.note(model.desk.answered(failed(model.run(), "TASK_QUARANTINED"), model.now));

    // Then
    assertThat(model.rejections()).hasSize(4);
    assertThat(model.deadLetters()).hasSize(1);
    assertThat(
            model.outputs.stream()
                .map(Output::value)
                .filter(value -> !(value instanceof WorkTask))
                .map(Object::toString))
        .noneMatch(text -> text.contains("secret"));
  }

  @Test
  void shouldGoOnWhereItWasWhenTheProcessIsReplaced() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit("e-1", "e-2");
    model.reopen();

    // When
    model.answerRun();
    model.reopen();
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2");
    assertThat(model.all(RegistryEvent.class))
        .extracting(RegistryEvent::getEventId)
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldRejectEditsOfAHeadThatAnEarlierReleasePublished() {
    // Given
    EditedModel model = EditedModel.published();
    model.ledger.versions.clear();

    // When
    model.edit("e-1");

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "NO_VERSION e-1: version 1 of acme/router was published by a release that did not remember"
                + " what edits need: submit its delta again");
  }
}
