package io.deltapress.app.domain;

import static io.deltapress.app.domain.EditExamples.edit;
import static io.deltapress.app.domain.Examples.failed;
import static io.deltapress.app.domain.Examples.policy;
import static io.deltapress.app.domain.Examples.submission;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.WorkTask;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A new delta for an edited model. */
class EditReplayTest {

  private static List<String> asked(WorkTask task) {
    return task.getRunEdits().getEdits().stream().map(edit -> edit.getEditId()).toList();
  }

  private static EditedModel edited(String... ids) {
    EditedModel model = EditedModel.published();
    model.edit(ids);
    model.work();
    return model.quiet();
  }

  private static void submitDelta(EditedModel model, String id) {
    model.submit(submission(id, 1).setSeed(99L).setMethod(CompressionMethod.MAGNITUDE).build());
  }

  @Test
  void shouldPutTheLiveEditsOnANewDeltaInBatchesAndPublishOneVersion() {
    // Given
    EditedModel model = edited("e-1", "e-2", "e-3", "e-4", "e-5", "e-6");
    int tasksBefore = model.editor.tasks.size();

    // When
    submitDelta(model, "d-2");
    model.workOnDelta();
    model.work();

    // Then
    List<WorkTask> replay = model.editor.tasks.subList(tasksBefore, model.editor.tasks.size());
    assertThat(replay)
        .extracting(EditReplayTest::asked)
        .containsExactly(List.of("e-1", "e-2", "e-3", "e-4"), List.of("e-5", "e-6"));
    assertThat(replay.get(1).getRunEdits().getLive())
        .extracting(EditEntry::getEditId)
        .containsExactly("e-1", "e-2", "e-3", "e-4");
    assertThat(replay.get(0).getSubmissionId()).isEqualTo("d-2");
    assertThat(model.versions()).hasSize(1);
    ModelVersion version = model.last();
    assertThat(version.getState()).isEqualTo(VersionState.EDITED);
    assertThat(version.getSubmissionId()).isEqualTo("d-2");
    assertThat(version.getCause().getKind()).isEqualTo("replay");
    assertThat(version.getArtifact().getMethod()).isEqualTo(CompressionMethod.MAGNITUDE);
    assertThat(version.getFoundationDigest())
        .isEqualTo(ScriptedEditor.foundation(replay.get(0).getRunEdits()));
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2", "e-3", "e-4", "e-5", "e-6");
    assertThat(version.getEdits().get(0).getArtifact().getSha256())
        .isEqualTo(ScriptedEditor.sha256(replay.get(0), "e-1"));
    assertThat(model.events())
        .containsSubsequence("delta.replaying d-2", "version.published d-2", "head.moved d-2")
        .contains("edit.kept e-1", "edit.kept e-6");
  }

  @Test
  void shouldKeepTheOldHeadUntilTheReplayEnds() {
    // Given
    EditedModel model = edited("e-1");

    // When
    submitDelta(model, "d-2");
    model.workOnDelta();

    // Then
    assertThat(model.versions()).isEmpty();
    assertThat(model.ledger.model("acme/router").orElseThrow().headVersion()).isEqualTo(2);
  }

  @Test
  void shouldTellOfEachEditWhetherItWasKeptLostOrTrueAlready() {
    // Given
    EditedModel model = edited("e-1", "e-2", "e-3", "e-4");
    model.editor.verdicts.put("e-2", EditVerdict.INEFFECTIVE);
    model.editor.verdicts.put("e-3", EditVerdict.ALREADY_TRUE);
    model.editor.ruinous.add("e-4");

    // When
    submitDelta(model, "d-2");
    model.workOnDelta();
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-1");
    assertThat(model.last().getAlreadyTrue()).containsExactly("e-3");
    assertThat(model.events())
        .contains("edit.kept e-1", "edit.lost e-2", "edit.already-true e-3", "edit.lost e-4");
    assertThat(model.rejections())
        .containsExactlyInAnyOrder(
            "EDIT_LOST e-2: the edit no longer holds and could not be made again: the model still does"
                + " not give the target as its answer: word the prompt as the model is asked, or add"
                + " rephrasings",
            "EDIT_LOST e-4: the edit no longer holds and could not be made again: with the edit tickets"
                + " 50.0 of 100.0; the policy allows a drop of 1.0: ask for less, or see what else its"
                + " prompt touches");
    assertThat(model.live()).containsExactly("e-1", "e-3");
  }

  @Test
  void shouldLetABatchInFlightEndBeforeADeltaThatArrivesReplays() {
    // Given
    EditedModel model = edited("e-1");
    model.edit("e-2");
    submitDelta(model, "d-2");
    model.workOnDelta();
    model.edit("e-3");

    // When
    model.work();

    // Then
    assertThat(model.versions())
        .extracting(ModelVersion::getSubmissionId)
        .containsExactly("e-2", "d-2", "e-3");
    assertThat(model.versions())
        .extracting(EditedModel::ids)
        .containsExactly(
            List.of("e-1", "e-2"), List.of("e-1", "e-2"), List.of("e-1", "e-2", "e-3"));
  }

  @Test
  void shouldLetEditsWaitForADeltaThatIsInWork() {
    // Given
    EditedModel model = edited("e-1");
    submitDelta(model, "d-2");

    // When
    model.edit("e-2");

    // Then
    assertThat(model.open).noneMatch(task -> task.getRunEdits() != null);
    model.workOnDelta();
    model.work();
    assertThat(model.versions())
        .extracting(ModelVersion::getSubmissionId)
        .containsExactly("d-2", "e-2");
  }

  @Test
  void shouldNotLetEditsWaitForADeltaWhoseBaseNobodyKnows() {
    // Given
    EditedModel model = edited("e-1");
    model.submit(submission("d-2", 1).setBaseDigest("c".repeat(64)).build());

    // When
    model.edit("e-2");
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2");
  }

  @Test
  void shouldForgetAReplayWhenANewerDeltaTakesItsPlace() {
    // Given
    EditedModel model = edited("e-1", "e-2");
    submitDelta(model, "d-2");
    model.workOnDelta();
    WorkTask old = model.run();
    model.open.clear();

    // When
    submitDelta(model, "d-3");
    model.note(model.desk.answered(model.editor.answer(old), model.now));
    model.workOnDelta();
    model.work();

    // Then
    assertThat(model.versions()).extracting(ModelVersion::getSubmissionId).containsExactly("d-3");
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2");
    assertThat(model.ledger.edits("acme/router")).noneMatch(edit -> edit.candidate() != null);
    assertThat(model.ledger.answers).isEmpty();
  }

  @Test
  void shouldRejectTheDeltaAndKeepItsEditsWhenTheReplayCannotBeMeasured() {
    // Given
    EditedModel model = edited("e-1");
    model.editor.unmeasurable = "the task file is not there";

    // When
    submitDelta(model, "d-2");
    model.workOnDelta();
    model.work();

    // Then
    assertThat(model.versions()).isEmpty();
    assertThat(model.rejections()).hasSize(1);
    assertThat(model.rejections().get(0))
        .startsWith(
            "GATE_UNMEASURED d-2: the live edits could not be put on the new delta: nothing could be"
                + " measured: the task file is not there");
    assertThat(model.live()).containsExactly("e-1");
  }

  @Test
  void shouldRejectTheDeltaAndKeepItsEditsWhenNoWorkerCanRunTheModel() {
    // Given
    EditedModel model = edited("e-1");
    model.editor.broken = "the model needs 90 GiB and the worker may use 4";

    // When
    submitDelta(model, "d-2");
    model.workOnDelta();
    model.work();

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "GATE_UNMEASURED d-2: the live edits could not be put on the new delta: the worker could not"
                + " run the model: the model needs 90 GiB and the worker may use 4");
    assertThat(model.live()).containsExactly("e-1");
  }

  @Test
  void shouldEndTheDeltaAsADeadLetterAndKeepItsEditsWhenTheReplayFails() {
    // Given
    EditedModel model = edited("e-1");
    submitDelta(model, "d-2");
    model.workOnDelta();

    // When
    model.note(model.desk.answered(failed(model.run(), "TASK_QUARANTINED"), model.now));
    model.open.clear();
    model.edit("e-2");
    model.work();

    // Then
    assertThat(model.deadLetters())
        .containsExactly(
            "TASK_QUARANTINED d-2: the live edits could not be put on the new delta: the disk is full");
    assertThat(model.lastEdits()).containsExactly("e-1", "e-2");
  }

  @Test
  void shouldRejectADeltaWhenNoPolicySaysHowToReplay() {
    // Given
    EditedModel model = edited("e-1").under(policy("acme").build());

    // When
    submitDelta(model, "d-2");
    model.workOnDelta();

    // Then
    assertThat(model.rejections())
        .containsExactly(
            "EDITS_NOT_ALLOWED d-2: acme/router has 1 live edits and no policy says how to put them on a"
                + " new delta: set one with `edits` in it, or revert them");
  }

  @Test
  void shouldReplayAnEditThatWasTrueAlreadyOnTheNextDelta() {
    // Given
    EditedModel model = EditedModel.published();
    model.editor.verdicts.put("e-1", EditVerdict.ALREADY_TRUE);
    model.edit(edit("e-1"));
    model.work();
    model.editor.verdicts.clear();

    // When
    submitDelta(model, "d-2");
    model.workOnDelta();
    model.work();

    // Then
    assertThat(model.lastEdits()).containsExactly("e-1");
  }
}
