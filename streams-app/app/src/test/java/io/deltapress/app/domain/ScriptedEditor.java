package io.deltapress.app.domain;

import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CanaryScore;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditScores;
import io.deltapress.schemas.EditStanding;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.RunEdits;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.StoredObject;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers tasks of the edit lane as a worker would, from a script about edits by identity. */
public final class ScriptedEditor {
  /** What edits come to; those not named are applied. */
  final Map<String, EditVerdict> verdicts = new HashMap<>();

  /** Edits with which the canary drops to a half. */
  final Set<String> ruinous = new HashSet<>();

  /** Edits that no longer hold when they are looked after. */
  final Set<String> fallen = new HashSet<>();

  /** Why canaries cannot be measured; null if they can. */
  @Nullable String unmeasurable;

  /** Why the model cannot be run at all; null if it can. */
  @Nullable String broken;

  /** What the canary scores without any edit. */
  double reference = 1;

  /** Every task it was given. */
  final List<WorkTask> tasks = new ArrayList<>();

  public WorkResult answer(WorkTask task) {
    tasks.add(task);
    return Examples.result(task, run(task).build());
  }

  EditsRun.Builder run(WorkTask task) {
    RunEdits wanted = task.getRunEdits();
    if (broken != null) {
      return nothingDone(wanted);
    }
    List<EditOutcome> outcomes =
        wanted.getEdits().stream().map(edit -> outcome(task, edit)).toList();
    Set<String> applied = new HashSet<>();
    wanted.getLive().forEach(entry -> applied.add(entry.getEditId()));
    outcomes.stream()
        .filter(outcome -> outcome.getEntry() != null)
        .forEach(outcome -> applied.add(outcome.getEditId()));
    // As a worker does: without a new edit that is applied there is nothing new to judge.
    boolean judged =
        wanted.getEdits().isEmpty()
            || outcomes.stream().anyMatch(outcome -> outcome.getEntry() != null);
    boolean measures = judged && !wanted.getCanaries().isEmpty() && unmeasurable == null;
    return EditsRun.newBuilder()
        .setOutcomes(outcomes)
        .setStanding(wanted.getStanding().stream().map(this::standing).toList())
        .setFoundationDigest(foundation(wanted))
        .setCanaries(measures ? List.of(score(applied)) : List.of())
        .setUnmeasurable(unmeasurable)
        .setFolded(wanted.getFold() ? folded(wanted) : null)
        .setStages(List.of())
        .setSeconds(0.01);
  }

  private EditsRun.Builder nothingDone(RunEdits wanted) {
    return EditsRun.newBuilder()
        .setOutcomes(
            wanted.getEdits().stream()
                .map(
                    edit ->
                        EditOutcome.newBuilder()
                            .setEditId(edit.getEditId())
                            .setVerdict(EditVerdict.REFUSED)
                            .setReason(broken)
                            .setMilliseconds(0)
                            .build())
                .toList())
        .setStanding(List.of())
        .setCanaries(List.of())
        .setUnmeasurable(broken)
        .setStages(List.of())
        .setSeconds(0);
  }

  private EditStanding standing(EditSubmission edit) {
    boolean kept = !fallen.contains(edit.getEditId());
    return new EditStanding(edit.getEditId(), kept, kept ? 1.0 : 0.25);
  }

  private EditOutcome outcome(WorkTask task, EditSubmission edit) {
    EditVerdict verdict = verdicts.getOrDefault(edit.getEditId(), EditVerdict.APPLIED);
    return EditOutcome.newBuilder()
        .setEditId(edit.getEditId())
        .setVerdict(verdict)
        .setReason(verdict == EditVerdict.REFUSED ? "the prompt has 900 tokens, 512 fit" : null)
        .setBefore(new EditScores(0.0, null, null, null))
        .setAfter(new EditScores(verdict == EditVerdict.INEFFECTIVE ? 0.5 : 1.0, null, null, null))
        .setEntry(verdict == EditVerdict.APPLIED ? entry(task, edit.getEditId()) : null)
        .setMilliseconds(4)
        .build();
  }

  /** One artifact per edit and task, so that a test can tell which of them is served. */
  private static EditEntry entry(WorkTask task, String editId) {
    return new EditEntry(
        editId,
        "malmen",
        new ShardManifest(0, sha256(task, editId), 900L, new StoredObject("files", editId)),
        3,
        0.25);
  }

  static String sha256(WorkTask task, String editId) {
    return Checksums.sha256(task.getTaskId() + " " + editId);
  }

  private CanaryScore score(Set<String> applied) {
    boolean ruined = applied.stream().anyMatch(ruinous::contains);
    return new CanaryScore(
        "tickets", CanaryMetric.EXACT_MATCH, reference, ruined ? 0.5 : reference, null, 300);
  }

  static String foundation(RunEdits wanted) {
    String delta = wanted.getDelta() == null ? "" : wanted.getDelta().getArtifactDigest();
    return Checksums.sha256(wanted.getBaseDigest() + delta);
  }

  private static ArtifactManifest folded(RunEdits wanted) {
    String digest = Checksums.sha256("folded " + wanted.getLive());
    return new ArtifactManifest(
        digest,
        1,
        CompressionMethod.DARE,
        0.0,
        1.0,
        0L,
        ValueCode.EXACT,
        List.of(new ShardManifest(0, digest, 100L, new StoredObject("files", digest))),
        100L,
        36L,
        18L,
        "f".repeat(64));
  }
}
