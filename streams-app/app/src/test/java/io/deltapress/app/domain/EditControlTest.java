package io.deltapress.app.domain;

import static io.deltapress.app.domain.EditExamples.control;
import static io.deltapress.app.domain.EditExamples.edit;
import static io.deltapress.app.domain.EditExamples.erase;
import static io.deltapress.app.domain.EditExamples.revert;
import static io.deltapress.app.domain.Examples.failed;
import static io.deltapress.app.domain.Examples.submission;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.WorkTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people do about edits and versions that are there. */
class EditControlTest {
  private static final String KEY = "acme/router";

  private static EditedModel edited(String... ids) {
    EditedModel model = EditedModel.published();
    for (String id : ids) {
      model.edit(id);
      model.work();
    }
    return model.quiet();
  }

  private static List<String> put(WorkTask task) {
    return task.getRunEdits().getLive().stream().map(EditEntry::getEditId).toList();
  }

  private static List<String> asked(WorkTask task) {
    return ids(task.getRunEdits().getEdits());
  }

  private static List<String> checked(WorkTask task) {
    return ids(task.getRunEdits().getStanding());
  }

  private static List<String> ids(List<EditSubmission> edits) {
    return edits.stream().map(EditSubmission::getEditId).toList();
  }

  private static ModelVersion version(EditedModel model, int number) {
    return model.ledger.version(KEY, number).orElseThrow();
  }

  // --- revert

  @Test
  void shouldLookAfterWhatRemainsAndPublishTheListWithoutARevertedEdit() {
    // Given
    EditedModel model = edited("e-1", "e-2", "e-3");
    String kept = version(model, 4).getEdits().get(2).getArtifact().getSha256();

    // When
    model.control(revert("c-1", "e-2"));
    WorkTask task = model.run();
    model.work();

    // Then
    assertThat(put(task)).containsExactly("e-1", "e-3");
    assertThat(checked(task)).containsExactly("e-1", "e-3");
    assertThat(asked(task)).isEmpty();
    assertThat(task.getRunEdits().getStanding().get(0).getRephrasings()).isEmpty();
    assertThat(task.getRunEdits().getCanaries()).hasSize(1);
    ModelVersion version = model.last();
    assertThat(version.getVersion()).isEqualTo(5);
    assertThat(model.lastEdits()).containsExactly("e-1", "e-3");
    assertThat(version.getEdits().get(1).getArtifact().getSha256()).isEqualTo(kept);
    assertThat(version.getSubmissionId()).isEqualTo("c-1");
    assertThat(version.getRequestedBy()).isEqualTo("ops");
    assertThat(version.getCause().getKind()).isEqualTo("revert");
    assertThat(version.getCause().getReason()).isEqualTo("because of c-1");
    assertThat(model.events())
        .containsExactly(
            "control.accepted c-1",
            "edits.gate-passed c-1",
            "version.published c-1",
            "head.moved c-1",
            "edit.reverted e-2",
            "control.done c-1");
    assertThat(model.all(RegistryEvent.class).get(4).getPrincipal()).isEqualTo("ops");
    assertThat(model.all(RegistryEvent.class).get(4).getMessage())
        .isEqualTo("reverted by ops: because of c-1");
  }

  @Test
  void shouldComputeAgainInOneBatchWhatFallsWithARevertedEdit() {
    // Given
    EditedModel model = edited("e-1", "e-2", "e-3", "e-4");
    model.editor.fallen.add("e-3");
    model.editor.fallen.add("e-4");
    model.editor.tasks.clear();

    // When
    model.control(revert("c-1", "e-2"));
    model.work();

    // Then
    assertThat(model.editor.tasks).hasSize(2);
    assertThat(put(model.editor.tasks.get(1))).containsExactly("e-1");
    assertThat(asked(model.editor.tasks.get(1))).containsExactly("e-3", "e-4");
    assertThat(model.versions()).hasSize(1);
    assertThat(model.lastEdits()).containsExactly("e-1", "e-3", "e-4");
    assertThat(model.events()).contains("edit.kept e-3", "edit.kept e-4");
  }

  @Test
  void shouldLoseWhatFallsWithARevertedEditAndCannotBeMadeAgain() {
    // Given
    EditedModel model = edited("e-1", "e-2", "e-3");
    model.editor.fallen.add("e-3");
    model.editor.verdicts.put("e-3", EditVerdict.INEFFECTIVE);
    model.editor.tasks.clear();

    // When
    model.control(revert("c-1", "e-2"));
    model.work();

    // Then
    assertThat(model.editor.tasks).hasSize(3);
    assertThat(put(model.editor.tasks.get(2))).containsExactly("e-1");
    assertThat(model.lastEdits()).containsExactly("e-1");
    assertThat(model.events()).contains("edit.lost e-3", "edit.reverted e-2");
    assertThat(model.live()).containsExactly("e-1");
  }

  @Test
  void shouldServeTheFoundationAgainWithoutAskingAnybodyWhenTheLastEditIsReverted() {
    // Given
    EditedModel model = edited("e-1");

    // When
    model.control(revert("c-1", "e-1"));

    // Then
    assertThat(model.open).isEmpty();
    assertThat(model.last().getState()).isEqualTo(VersionState.PUBLISHED);
    assertThat(model.lastEdits()).isEmpty();
    assertThat(model.last().getFoundationDigest()).isNull();
    assertThat(model.last().getEditGate()).isNull();
    assertThat(model.head()).isEqualTo(3);
  }

  @Test
  void shouldRejectARevertThatTheGateDoesNotLetPass() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.editor.ruinous.add("e-1");

    // When
    model.control(revert("c-1", "e-2"));
    model.work();

    // Then
    assertThat(model.versions()).isEmpty();
    assertThat(model.rejections())
        .containsExactly(
            "GATE_FAILED c-1: the revert was not carried out: tickets 50.0 of 100.0; the policy allows a"
                + " drop of 1.0");
    assertThat(model.live()).containsExactly("e-1", "e-2");
    assertThat(model.ledger.edits(KEY)).noneMatch(edit -> edit.candidate() != null);
  }

  @Test
  void shouldRejectARevertOfWhatIsNotThere() {
    // Given
    EditedModel model = edited("e-1");

    // When
    model.control(revert("c-1", "e-1", "e-9"));

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "UNKNOWN_EDIT c-1: acme/router has no live or waiting edit e-9: see `deltapress versions`");
    assertThat(model.live()).containsExactly("e-1");
  }

  @Test
  void shouldTakeBackAtOnceWhatIsNotPublishedYet() {
    // Given
    EditedModel model = edited("e-1");
    model.edit("e-2", "e-3", "e-4");

    // When
    model.control(revert("c-1", "e-2", "e-4"));
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-1", "e-3");
    assertThat(model.rejections())
        .containsExactly(
            "REVERTED e-2: taken back by ops: because of c-1",
            "REVERTED e-4: taken back by ops: because of c-1");
    assertThat(model.events()).contains("edit.cancelled e-2", "control.done c-1");
  }

  @Test
  void shouldAskAfterManyEditsInSeveralTasks() {
    // Given
    EditedModel model =
        EditedModel.published()
            .under(EditExamples.policyWith(EditExamples.editPolicy().setMostLive(100)));
    for (int i = 0; i < 71; i++) {
      model.edit("e-" + i);
    }
    model.work();
    model.editor.tasks.clear();

    // When
    model.control(revert("c-1", "e-0"));
    model.work();

    // Then
    assertThat(model.editor.tasks).extracting(task -> checked(task).size()).containsExactly(64, 6);
    assertThat(model.editor.tasks)
        .extracting(task -> task.getRunEdits().getCanaries().size())
        .containsExactly(1, 0);
    assertThat(model.last().getEdits()).hasSize(70);
  }

  @Test
  void shouldEndARevertAsADeadLetterWhenNobodyAnswers() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.control(revert("c-1", "e-1"));

    // When
    for (int i = 0; i < 3; i++) {
      model.wait(Duration.ofSeconds(30));
    }

    // Then
    assertThat(model.deadLetters()).hasSize(1);
    assertThat(model.deadLetters().get(0)).startsWith("TASK_DEADLINE_EXCEEDED c-1: ");
    assertThat(model.live()).containsExactly("e-1", "e-2");
  }

  // --- erase

  @Test
  void shouldForgetAnErasedEditAtOnceAndRevokeWhatCarriesItWhenTheNewVersionIsThere() {
    // Given
    EditedModel model = edited("e-1", "e-2", "e-3");

    // When
    model.control(erase("c-1", "e-2"));
    assertThat(model.ledger.edits(KEY)).noneMatch(edit -> edit.id().equals("e-2"));
    assertThat(model.ledger.marks.get("acme/router/e-2").fingerprint()).isEqualTo("erased");
    model.work();

    // Then
    assertThat(model.versions())
        .extracting(ModelVersion::getVersion, ModelVersion::getState)
        .containsExactly(
            tuple(5, VersionState.EDITED),
            tuple(3, VersionState.REVOKED),
            tuple(4, VersionState.REVOKED));
    assertThat(model.outputs.stream().map(output -> output.value().getClass().getSimpleName()))
        .containsSubsequence("ModelVersion", "ModelHead", "ModelVersion");
    assertThat(EditedModel.ids(version(model, 5))).containsExactly("e-1", "e-3");
    assertThat(version(model, 4).getRevocation().getReason()).isEqualTo("because of c-1");
    assertThat(version(model, 4).getRevocation().getPrincipal()).isEqualTo("ops");
    assertThat(model.events())
        .contains("version.revoked c-1", "edit.erased e-2", "control.done c-1");
    assertThat(model.ledger.retiredEdits(KEY)).isEmpty();
  }

  @Test
  void shouldEraseWhateverTheGateSays() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.editor.ruinous.add("e-1");

    // When
    model.control(erase("c-1", "e-2"));
    model.work();

    // Then
    ModelVersion version = model.versions().get(0);
    assertThat(EditedModel.ids(version)).containsExactly("e-1");
    assertThat(version.getEditGate().getVerdict()).isEqualTo(GateVerdict.FAILED);
  }

  @Test
  void shouldEraseEvenIfNoWorkerCanBeHad() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    String foundation = version(model, 3).getFoundationDigest();
    model.control(erase("c-1", "e-2"));

    // When
    model.note(model.desk.answered(failed(model.run(), "TASK_QUARANTINED"), model.now));

    // Then
    ModelVersion version = model.versions().get(0);
    assertThat(EditedModel.ids(version)).containsExactly("e-1");
    assertThat(version.getFoundationDigest()).isEqualTo(foundation);
    assertThat(version.getEditGate().getVerdict()).isEqualTo(GateVerdict.UNMEASURED);
    assertThat(version.getEditGate().getReason()).isEqualTo("the disk is full");
    assertThat(model.deadLetters()).isEmpty();
  }

  @Test
  void shouldEraseAllOfAPersonIncludingWhatWaitsAndWhatIsServedNoMore() {
    // Given
    EditedModel model = EditedModel.published();
    model.edit(edit("e-1").setDataSubject("person-17"));
    model.work();
    model.edit("e-2");
    model.work();
    model.control(revert("c-1", "e-1"));
    model.work();
    model.edit("e-3");
    model.edit(edit("e-4").setDataSubject("person-17"));
    model.quiet();

    // When
    model.control(control("c-2", ControlAction.ERASE).setDataSubject("person-17"));
    model.work();

    // Then
    assertThat(model.rejections()).containsExactly("ERASED e-4: erased by ops: because of c-2");
    assertThat(model.versions())
        .extracting(ModelVersion::getVersion, ModelVersion::getState)
        .containsExactly(
            tuple(5, VersionState.EDITED),
            tuple(2, VersionState.REVOKED),
            tuple(3, VersionState.REVOKED));
    assertThat(model.ledger.retiredEdits(KEY)).isEmpty();
    assertThat(model.live()).containsExactly("e-2", "e-3");
  }

  @Test
  void shouldSayThatThereIsNothingToErase() {
    // Given
    EditedModel model = edited("e-1");

    // When
    model.control(control("c-1", ControlAction.ERASE).setDataSubject("person-9"));

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "UNKNOWN_EDIT c-1: acme/router keeps no edit that this names: there is nothing to erase");
  }

  // --- rollback

  @Test
  void shouldMoveTheHeadBackAndLetTheLedgerFollow() {
    // Given
    EditedModel model = edited("e-1", "e-2", "e-3");

    // When
    model.control(control("c-1", ControlAction.ROLLBACK).setVersion(3));
    model.edit("e-4");
    model.work();

    // Then
    ModelHead head = model.all(ModelHead.class).get(0);
    assertThat(head.getVersion()).isEqualTo(3);
    assertThat(head.getPreviousVersion()).isEqualTo(4);
    assertThat(head.getMovedBy()).isEqualTo("ops");
    assertThat(head.getReason()).isEqualTo("rolled back by ops: because of c-1");
    assertThat(model.events()).contains("edit.rolled-back e-3", "control.done c-1");
    assertThat(model.last().getVersion()).isEqualTo(5);
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2", "e-4");
  }

  @Test
  void shouldRestoreEditsWhenTheHeadMovesForwardAgain() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.control(control("c-1", ControlAction.ROLLBACK).setVersion(1));
    model.control(control("c-2", ControlAction.ROLLBACK).setVersion(3));

    // When
    model.edit("e-3");
    model.work();

    // Then
    assertThat(model.events()).contains("edit.restored e-1", "edit.restored e-2");
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2", "e-3");
    assertThat(model.ledger.retiredEdits(KEY)).isEmpty();
  }

  @Test
  void shouldRefuseToGoBackToWhatIsUnknownRevokedOrThereAlready() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.control(erase("c-0", "e-1"));
    model.work();

    // When
    model.control(control("c-1", ControlAction.ROLLBACK).setVersion(9));
    model.control(control("c-2", ControlAction.ROLLBACK).setVersion(2));
    model.control(control("c-3", ControlAction.ROLLBACK).setVersion(4));

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "UNKNOWN_VERSION c-1: acme/router has no version 9 that this release published: see"
                + " `deltapress versions`",
            "VERSION_REVOKED c-2: version 2 of acme/router was revoked and is never served again: choose"
                + " another one",
            "NOTHING_TO_DO c-3: acme/router is at version 4 already");
  }

  @Test
  void shouldGoBackAfterTheEditsThatCameBeforeAndTakeThePlaceOfADeltaInWork() {
    // Given
    EditedModel model = edited("e-1");
    model.edit("e-2");
    model.submit(submission("d-2", 1).build());

    // When
    model.control(control("c-1", ControlAction.ROLLBACK).setVersion(1));
    model.work();

    // Then
    assertThat(model.rejections())
        .containsExactly("SUPERSEDED d-2: superseded by submission c-1 before it was published");
    assertThat(model.all(ModelHead.class)).extracting(ModelHead::getVersion).containsExactly(3, 1);
    assertThat(model.live()).isEmpty();
  }

  // --- cancel

  @Test
  void shouldCancelADeltaThatIsNotPublishedYet() {
    // Given
    EditedModel model = edited("e-1");
    model.submit(submission("d-2", 1).build());
    model.edit("e-2");

    // When
    model.control(control("c-1", ControlAction.CANCEL).setSubmissionId("d-2"));
    model.work();

    // Then
    assertThat(model.rejections())
        .containsExactly("CANCELLED d-2: cancelled by ops: because of c-1");
    assertThat(model.events()).contains("delta.cancelled d-2", "control.done c-1");
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2");
    assertThat(model.ledger.answers).isEmpty();
  }

  @Test
  void shouldCancelOneEditOfABatchInFlightAndComputeTheOthersAnew() {
    // Given
    EditedModel model = edited("e-0");
    model.edit("e-1", "e-2", "e-3");
    model.answerRun();
    WorkTask abandoned = model.run();
    model.open.clear();

    // When
    model.control(control("c-1", ControlAction.CANCEL).setSubmissionId("e-2"));
    model.note(model.desk.answered(model.editor.answer(abandoned), model.now));
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-0", "e-1", "e-3");
    assertThat(model.rejections())
        .containsExactly("CANCELLED e-2: cancelled by ops: because of c-1");
  }

  @Test
  void shouldCancelACommandThatWaitsAndOneInWork() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.control(revert("c-1", "e-1"));
    model.control(revert("c-2", "e-2"));

    // When
    model.control(control("c-3", ControlAction.CANCEL).setSubmissionId("c-2"));
    model.control(control("c-4", ControlAction.CANCEL).setSubmissionId("c-1"));
    model.work();

    // Then
    assertThat(model.versions()).isEmpty();
    assertThat(model.events()).contains("control.cancelled c-1", "control.cancelled c-2");
    assertThat(model.live()).containsExactly("e-1", "e-2");
  }

  @Test
  void shouldSayThatThereIsNothingToCancel() {
    // Given
    EditedModel model = edited("e-1");

    // When
    model.control(control("c-1", ControlAction.CANCEL).setSubmissionId("e-1"));

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "NOTHING_TO_DO c-1: nothing called e-1 waits or is in work for acme/router: what is published"
                + " is taken back by revert or rollback");
  }

  // --- refit

  @Test
  void shouldComputeAllLiveEditsAnewInOneBatchOnTheModelWithoutThem() {
    // Given
    EditedModel model = edited("e-1", "e-2", "e-3");
    String before = version(model, 4).getEdits().get(0).getArtifact().getSha256();

    // When
    model.under(EditExamples.policyWith(EditExamples.editPolicy().setLargestBatch(1)));
    model.control(control("c-1", ControlAction.REFIT));
    WorkTask task = model.run();
    model.work();

    // Then
    assertThat(put(task)).isEmpty();
    assertThat(asked(task)).containsExactly("e-1", "e-2", "e-3");
    ModelVersion version = model.last();
    assertThat(version.getVersion()).isEqualTo(5);
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2", "e-3");
    assertThat(version.getEdits().get(0).getArtifact().getSha256()).isNotEqualTo(before);
    assertThat(version.getCause().getKind()).isEqualTo("refit");
    assertThat(model.events())
        .containsExactly(
            "control.accepted c-1",
            "edits.gate-passed c-1",
            "version.published c-1",
            "head.moved c-1",
            "edit.kept e-1",
            "edit.kept e-2",
            "edit.kept e-3",
            "control.done c-1");
  }

  @Test
  void shouldLeaveEverythingAsItIsWhenARefitWouldLoseAnEdit() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.editor.verdicts.put("e-2", EditVerdict.INEFFECTIVE);

    // When
    model.control(control("c-1", ControlAction.REFIT));
    model.work();

    // Then
    assertThat(model.rejections())
        .singleElement()
        .asString()
        .startsWith(
            "EDIT_LOST c-1: the edits were not computed anew: 1 of them would be lost, the first of"
                + " them e-2 (")
        .endsWith("): revert those, or leave the list as it is");
    assertThat(model.live()).containsExactly("e-1", "e-2");
    assertThat(model.events()).doesNotContain("version.published c-1", "edit.lost e-2");
  }

  @Test
  void shouldLeaveEverythingAsItIsWhenARefitRuinsTheModel() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.editor.ruinous.add("e-1");

    // When
    model.control(control("c-1", ControlAction.REFIT));
    model.work();

    // Then
    assertThat(model.rejections())
        .singleElement()
        .asString()
        .startsWith("GATE_FAILED c-1: the edits were not computed anew: ");
    assertThat(model.live()).containsExactly("e-1", "e-2");
  }

  @Test
  void shouldSayThatThereIsNothingToComputeAnew() {
    // Given
    EditedModel model = edited();

    // When
    model.control(control("c-1", ControlAction.REFIT));

    // Then
    assertThat(model.rejections())
        .containsExactly("NOTHING_TO_DO c-1: acme/router has no live edit to compute anew");
  }

  // --- squash

  private static EditedModel squashed(String... ids) {
    EditedModel model = edited(ids);
    model.control(control("c-s", ControlAction.SQUASH));
    model.work();
    return model;
  }

  @Test
  void shouldFoldTheLiveEditsIntoTheDelta() {
    // Given
    EditedModel model = edited("e-1", "e-2");

    // When
    model.control(control("c-1", ControlAction.SQUASH));
    WorkTask task = model.run();
    model.work();

    // Then
    assertThat(task.getRunEdits().getFold()).isTrue();
    assertThat(put(task)).containsExactly("e-1", "e-2");
    ModelVersion version = model.last();
    assertThat(version.getState()).isEqualTo(VersionState.PUBLISHED);
    assertThat(version.getEdits()).isEmpty();
    assertThat(version.getFolded()).containsExactly("e-1", "e-2");
    assertThat(version.getFoldedFrom()).isEqualTo(3);
    assertThat(version.getArtifact()).isNotEqualTo(version(model, 3).getArtifact());
    assertThat(version.getEditGate().getCanaries()).hasSize(1);
    assertThat(version.getCause().getKind()).isEqualTo("squash");
    assertThat(model.events()).contains("edit.folded e-1", "edit.folded e-2", "control.done c-1");
    assertThat(model.live()).isEmpty();
  }

  @Test
  void shouldMakeRoomBelowTheCapWhenItSquashes() {
    // Given
    Policy small = EditExamples.policyWith(EditExamples.editPolicy().setMostLive(2));
    EditedModel model = squashed("e-1", "e-2").under(small);
    model.quiet();

    // When
    model.edit("e-3");
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-3");
    assertThat(model.last().getFolded()).containsExactly("e-1", "e-2");
  }

  @Test
  void shouldMeasureEditsOnAFoldAgainstWhatThereWasWithoutAnyEdit() {
    // Given
    EditedModel model = squashed("e-1");
    model.quiet();
    model.editor.reference = 0.985;

    // When
    model.edit("e-2");
    model.work();

    // Then
    assertThat(model.versions()).isEmpty();
    assertThat(model.rejections()).hasSize(1);
    assertThat(model.rejections().get(0))
        .startsWith("EDIT_GATE_FAILED e-2: with the edit tickets 98.5 of 100.0;");
  }

  @Test
  void shouldGoBackToTheDeltaAsSubmittedWhenAFoldedEditIsReverted() {
    // Given
    EditedModel model = squashed("e-1", "e-2");
    model.edit("e-3");
    model.work();
    model.quiet();
    model.editor.tasks.clear();

    // When
    model.control(revert("c-1", "e-1"));
    model.work();

    // Then
    assertThat(checked(model.editor.tasks.get(0))).containsExactly("e-2");
    assertThat(put(model.editor.tasks.get(1))).containsExactly("e-2");
    assertThat(asked(model.editor.tasks.get(1))).containsExactly("e-3");
    ModelVersion version = model.last();
    assertThat(version.getArtifact()).isEqualTo(version(model, 1).getArtifact());
    assertThat(model.lastEdits()).containsExactly("e-2", "e-3");
    assertThat(version.getFolded()).isEmpty();
    assertThat(version.getFoldedFrom()).isNull();
    assertThat(version.getEdits().get(0)).isEqualTo(version(model, 3).getEdits().get(1));
  }

  @Test
  void shouldRevokeTheFoldWhenAFoldedEditIsErased() {
    // Given
    EditedModel model = squashed("e-1", "e-2");
    model.quiet();

    // When
    model.control(erase("c-1", "e-2"));
    model.work();

    // Then
    assertThat(EditedModel.ids(model.versions().get(0))).containsExactly("e-1");
    assertThat(model.versions().stream().skip(1).toList())
        .extracting(ModelVersion::getVersion, ModelVersion::getState)
        .containsExactly(tuple(3, VersionState.REVOKED), tuple(4, VersionState.REVOKED));
  }

  @Test
  void shouldReplayFoldedEditsOnANewDelta() {
    // Given
    EditedModel model = squashed("e-1", "e-2");
    model.edit("e-3");
    model.work();
    model.quiet();

    // When
    model.submit(submission("d-2", 1).setSeed(7L).setMethod(CompressionMethod.MAGNITUDE).build());
    model.workOnDelta();
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2", "e-3");
    assertThat(model.last().getFolded()).isEmpty();
    assertThat(model.last().getFoldedFrom()).isNull();
    assertThat(model.live()).containsExactly("e-1", "e-2", "e-3");
  }

  @Test
  void shouldLetANewEditOverrideAFoldedOneOfItsPrompt() {
    // Given
    EditedModel model = squashed("e-1", "e-2");

    // When
    model.edit(edit("e-3").setPrompt("secret prompt of e-1").setTarget("another"));
    model.work();
    model.submit(submission("d-2", 1).setSeed(7L).build());
    model.workOnDelta();
    model.work();

    // Then
    assertThat(model.events()).contains("edit.replaced e-1");
    assertThat(model.lastEdits()).containsExactly("e-2", "e-3");
  }

  @Test
  void shouldFollowFoldsWhenItRollsBackAcrossThem() {
    // Given
    EditedModel model = squashed("e-1", "e-2");
    model.control(control("c-1", ControlAction.ROLLBACK).setVersion(3));
    assertThat(model.live()).containsExactly("e-1", "e-2");

    // When
    model.control(control("c-2", ControlAction.ROLLBACK).setVersion(4));
    model.control(revert("c-3", "e-2"));
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-1");
  }

  @Test
  void shouldRejectASquashOfNothingAndOneThatFailsTheGate() {
    // Given
    EditedModel model = EditedModel.published();
    model.control(control("c-1", ControlAction.SQUASH));
    model.edit("e-1");
    model.work();
    model.editor.ruinous.add("e-1");

    // When
    model.control(control("c-2", ControlAction.SQUASH));
    model.work();

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "NOTHING_TO_DO c-1: acme/router has no live edit with an artifact to fold",
            "GATE_FAILED c-2: the edits were not folded: tickets 50.0 of 100.0; the policy allows a drop"
                + " of 1.0");
    assertThat(model.live()).containsExactly("e-1");
  }

  // --- order and identity

  @Test
  void shouldCarryOutEditsAndCommandsInTheOrderInWhichTheyCame() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.edit("e-3");
    model.control(control("c-1", ControlAction.SQUASH));
    model.edit("e-4");
    model.control(revert("c-2", "e-2"));
    model.edit("e-5");

    // When
    model.work();

    // Then
    assertThat(model.versions())
        .extracting(ModelVersion::getSubmissionId)
        .containsExactly("e-3", "c-1", "e-4", "c-2", "e-5");
    assertThat(model.lastEdits()).containsExactly("e-1", "e-3", "e-4", "e-5");
  }

  @Test
  void shouldDropACommandThatComesAgainAndRejectAnotherOneOfItsId() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    model.control(revert("c-1", "e-1"));
    model.work();
    model.quiet();

    // When
    model.control(revert("c-1", "e-1"));
    model.control(revert("c-1", "e-2"));

    // Then
    assertThat(model.versions()).isEmpty();
    assertThat(model.rejections()).hasSize(1);
    assertThat(model.rejections().get(0)).startsWith("DUPLICATE_SUBMISSION c-1: ");
  }

  @Test
  void shouldRejectACommandThatExpectsAnotherHead() {
    // Given
    EditedModel model = edited("e-1");

    // When
    model.control(revert("c-1", "e-1").setExpectedVersion(1));

    // Then
    assertThat(model.rejections()).hasSize(1);
    assertThat(model.rejections().get(0)).startsWith("VERSION_CONFLICT c-1: ");
  }

  @Test
  void shouldSurviveARestartAtEveryStep() {
    // Given
    EditedModel model = edited("e-1", "e-2", "e-3");
    model.editor.fallen.add("e-3");
    model.control(revert("c-1", "e-1"));
    List<Integer> steps = new ArrayList<>();

    // When
    while (!model.open.isEmpty()) {
      model.reopen();
      model.answerRun();
      steps.add(steps.size());
    }

    // Then
    assertThat(steps).hasSize(2);
    assertThat(model.lastEdits()).containsExactly("e-2", "e-3");
  }
}
