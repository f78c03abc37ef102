package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Group;
import io.deltapress.app.domain.BatchState.Judged;
import io.deltapress.app.domain.EditEndings.Numbers;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ModelVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs make of groups of new edits. A group that passes the gate becomes one version; one that
 * fails is divided into halves, a half that fails into single edits, and those that fail alone are
 * rejected with their numbers.
 */
final class EditGroups {
  private final Foundation foundation;

  EditGroups(Foundation foundation) {
    this.foundation = foundation;
  }

  /** A worker computed the first group. */
  void computed(ModelTurn turn, EditsRun run) {
    BatchState batch = turn.batch();
    List<LedgerEdit> group = turn.of(batch.group().orders());
    Map<String, EditOutcome> outcomes = EditVerdicts.outcomes(run);
    List<LedgerEdit> failed =
        group.stream().filter(edit -> !EditVerdicts.holds(outcomes.get(edit.id()))).toList();
    boolean other = RunAsk.replaced(turn, failed).stream().anyMatch(RunAsk::isInList);
    failed.forEach(edit -> ineffective(turn, edit, outcomes.get(edit.id())));
    List<LedgerEdit> held = group.stream().filter(edit -> !failed.contains(edit)).toList();
    if (held.isEmpty()) {
      next(turn);
      return;
    }
    turn.become(batch.divided(List.of(batch.group().without(Groups.orders(failed)))).answered());
    // What the failed one would have replaced stays, and the others were computed without it.
    if (!other) {
      judge(turn, held, outcomes, run);
    }
  }

  private static void ineffective(ModelTurn turn, LedgerEdit edit, EditOutcome outcome) {
    EditEndings.reject(turn, edit, EditVerdicts.whyNot(outcome), new Numbers(outcome, null));
  }

  private void judge(
      ModelTurn turn, List<LedgerEdit> held, Map<String, EditOutcome> outcomes, EditsRun run) {
    boolean applied =
        held.stream().anyMatch(edit -> outcomes.get(edit.id()).getVerdict() == EditVerdict.APPLIED);
    boolean replaces = RunAsk.replaced(turn, held).stream().anyMatch(RunAsk::isInList);
    if (!applied && !replaces && turn.model().headVersion() > 0) {
      alreadyTrue(turn, held, outcomes);
      next(turn);
      return;
    }
    BatchState batch = turn.batch();
    boolean isMeasured =
        applied
            || !run.getCanaries().isEmpty()
            || run.getUnmeasurable() != null
            || batch.rules().canaries().isEmpty();
    if (isMeasured) {
      decide(turn, held, outcomes, run);
    } else {
      turn.become(batch.checking(Groups.orders(held)));
    }
  }

  /** A worker measured the list without what edits replace that are true already then. */
  void measured(ModelTurn turn, EditsRun run) {
    BatchState batch = turn.batch();
    List<LedgerEdit> held = turn.of(batch.unchecked());
    Map<String, EditOutcome> outcomes = new HashMap<>();
    for (LedgerEdit edit : held) {
      outcomes.put(
          edit.id(),
          EditOutcome.newBuilder()
              .setEditId(edit.id())
              .setVerdict(EditVerdict.ALREADY_TRUE)
              .setMilliseconds(0)
              .build());
    }
    turn.become(batch.checking(List.of()).answered());
    decide(turn, held, outcomes, run);
  }

  private void decide(
      ModelTurn turn, List<LedgerEdit> held, Map<String, EditOutcome> outcomes, EditsRun run) {
    BatchState batch = turn.batch();
    Judged judged =
        EditGateRule.judge(batch.rules(), run, Foundation.references(foundation.of(turn)));
    EditGateReports.tell(turn, held, judged);
    boolean passes =
        switch (judged.verdict()) {
          case PASSED -> true;
          case UNMEASURED -> batch.rules().letsUnmeasuredPass();
          default -> false;
        };
    if (passes) {
      turn.become(batch.judged(judged).on(EditVerdicts.foundationOf(batch, run)));
      publish(turn, held, outcomes);
      next(turn);
      return;
    }
    List<Group> parts =
        judged.verdict() == GateVerdict.FAILED ? batch.group().divided() : List.of();
    if (parts.isEmpty()) {
      Numbers ofGate = new Numbers(null, EditGateReports.report(batch.rules(), judged));
      held.forEach(
          edit ->
              EditEndings.reject(
                  turn,
                  edit,
                  EditGateReports.refusal(judged),
                  new Numbers(outcomes.get(edit.id()), ofGate.gate())));
      next(turn);
      return;
    }
    turn.become(batch.divided(parts));
  }

  private static void alreadyTrue(
      ModelTurn turn, List<LedgerEdit> held, Map<String, EditOutcome> outcomes) {
    int head = turn.model().headVersion();
    replace(turn, held, head);
    held.forEach(edit -> turn.keep(edit.live(turn.nextPosition(), null, head)));
    turn.head()
        .map(
            version ->
                ModelVersion.newBuilder(version)
                    .setAlreadyTrue(Versions.alreadyTrue(turn.live()))
                    .build())
        .ifPresent(turn::remember);
    held.forEach(edit -> tellOutcome(turn, edit, outcomes.get(edit.id()), head));
  }

  private void publish(ModelTurn turn, List<LedgerEdit> held, Map<String, EditOutcome> outcomes) {
    ModelVersion below = foundation.of(turn);
    int number = turn.nextVersion();
    List<LedgerEdit> replaced = RunAsk.replaced(turn, held);
    replaced.forEach(turn::retire);
    for (LedgerEdit edit : held) {
      EditOutcome outcome = outcomes.get(edit.id());
      KeptArtifact artifact =
          outcome.getVerdict() == EditVerdict.APPLIED
              ? KeptArtifact.of(outcome.getEntry(), Foundation.key(below))
              : null;
      turn.keep(edit.live(turn.nextPosition(), artifact, number));
    }
    turn.publish(
        Versions.because(Versions.of(turn, below, turn.live()), held).build(),
        "published %d edits, first %s".formatted(held.size(), held.get(0).id()),
        null);
    tellReplaced(turn, replaced, held, number);
    held.forEach(edit -> tellOutcome(turn, edit, outcomes.get(edit.id()), number));
  }

  private static void replace(ModelTurn turn, List<LedgerEdit> held, int version) {
    List<LedgerEdit> replaced = RunAsk.replaced(turn, held);
    replaced.forEach(turn::retire);
    tellReplaced(turn, replaced, held, version);
  }

  private static void tellReplaced(
      ModelTurn turn, List<LedgerEdit> replaced, List<LedgerEdit> newer, int version) {
    for (LedgerEdit edit : replaced) {
      newer.stream()
          .filter(by -> by.request().promptKey().equals(edit.request().promptKey()))
          .findFirst()
          .ifPresent(
              by ->
                  turn.tell(
                      turn.event(
                              edit.request(),
                              EventTypes.EDIT_REPLACED,
                              "replaced by edit %s of the same prompt".formatted(by.id()))
                          .setVersion(version)
                          .setPrincipal(by.request().requestedBy())));
    }
  }

  private static void tellOutcome(
      ModelTurn turn, LedgerEdit edit, EditOutcome outcome, int version) {
    boolean applied = outcome.getVerdict() == EditVerdict.APPLIED;
    turn.tell(
        turn.event(
                edit.request(),
                applied ? EventTypes.EDIT_APPLIED : EventTypes.EDIT_ALREADY_TRUE,
                applied ? "applied in version " + version : "true already in version " + version)
            .setVersion(version)
            .setEdit(outcome)
            .setPrincipal(edit.request().requestedBy()));
  }

  /** The first group came to its end. */
  private static void next(ModelTurn turn) {
    BatchState rest = turn.batch().withoutFirstGroup().answered();
    turn.become(rest.groups().isEmpty() ? null : rest);
  }

  /** The task of the first group cannot be carried through. */
  static void deadLetter(ModelTurn turn, Endings.Fault fault) {
    turn.of(turn.batch().group().orders())
        .forEach(edit -> EditEndings.deadLetter(turn, edit, fault));
    next(turn);
  }

  /** A worker says that the requests of the first group are at fault. */
  static void refused(ModelTurn turn, Refusal refusal) {
    turn.of(turn.batch().group().orders())
        .forEach(edit -> EditEndings.reject(turn, edit, refusal, Numbers.NONE));
    next(turn);
  }
}
