package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Group;
import io.deltapress.app.domain.BatchState.Judged;
import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.app.domain.LedgerEdit.Candidate;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditStanding;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Makes the list of a model's edits anew: those that stay are looked after, those that no longer
 * hold, or stood on another foundation, are computed again on top of what holds, in batches. Only
 * when all of it is made does it become one version; until then the ledger keeps what was found
 * beside what is live.
 */
final class Rebuilds {
  private final Foundation foundation;
  private final RebuildEnds ends;

  Rebuilds(Foundation foundation) {
    this.foundation = foundation;
    this.ends = new RebuildEnds(foundation);
  }

  /**
   * Begins a rebuild.
   *
   * @param staying edits that are to be in the list, in order
   * @param stands which of them have an artifact that can be put on as it is
   */
  void begin(
      ModelTurn turn, BatchState batch, List<LedgerEdit> staying, Predicate<LedgerEdit> stands) {
    List<LedgerEdit> again = new ArrayList<>();
    List<LedgerEdit> standing = new ArrayList<>();
    for (LedgerEdit edit : staying) {
      (stands.test(edit) ? standing : again).add(edit);
    }
    turn.become(
        batch.checking(Groups.orders(standing)).computing(Groups.all(again, batch.rules())));
    for (LedgerEdit edit : standing) {
      turn.keep(edit.with(new Candidate(turn.nextPosition(), edit.artifact(), null, false)));
    }
    next(turn);
  }

  /** A worker looked which edits still hold. */
  void checked(ModelTurn turn, EditsRun run) {
    RunAsk ask = RunAsk.of(turn);
    BatchState batch = turn.batch();
    if (ask.measures() && !accepts(turn, ask.standing(), run)) {
      return;
    }
    Map<String, Boolean> kept = new HashMap<>();
    for (EditStanding standing : run.getStanding()) {
      kept.put(standing.getEditId(), standing.getKept());
    }
    List<LedgerEdit> lost = ask.standing().stream().filter(edit -> !kept.get(edit.id())).toList();
    lost.forEach(edit -> turn.keep(edit.with((Candidate) null)));
    BatchState after = turn.batch();
    List<Group> groups = new ArrayList<>(Groups.all(lost, batch.rules()));
    groups.addAll(after.groups());
    BatchState next =
        after
            .computing(groups)
            .checking(after.unchecked().subList(ask.standing().size(), after.unchecked().size()))
            .answered();
    turn.become(lost.stream().anyMatch(RunAsk::isInList) ? next.unmeasured() : next);
    next(turn);
  }

  /** A worker computed the first group on top of what holds. */
  void computed(ModelTurn turn, EditsRun run) {
    List<LedgerEdit> group = turn.of(turn.batch().group().orders());
    Map<String, EditOutcome> outcomes = EditVerdicts.outcomes(run);
    boolean applied =
        outcomes.values().stream().anyMatch(outcome -> outcome.getVerdict() == EditVerdict.APPLIED);
    if (applied) {
      Judged judged = judge(turn, run);
      EditGateReports.tell(turn, group, judged);
      boolean fails = judged.verdict() == GateVerdict.FAILED;
      if (!mayPass(turn.batch(), judged) || (fails && isAllOrNothing(turn.batch()))) {
        ends.giveUp(turn, judged);
        return;
      }
      if (fails) {
        divide(turn, judged);
        return;
      }
      turn.become(turn.batch().judged(judged));
    }
    turn.become(turn.batch().on(EditVerdicts.foundationOf(turn.batch(), run)));
    String key = Foundation.key(foundation.of(turn));
    List<LedgerEdit> falling =
        group.stream().filter(edit -> !EditVerdicts.holds(outcomes.get(edit.id()))).toList();
    if (!falling.isEmpty() && isAllOrNothing(turn.batch())) {
      ends.giveUp(turn, wouldBeLost(falling, outcomes), turn.batch().judged());
      return;
    }
    group.forEach(edit -> hold(turn, edit, outcomes.get(edit.id()), key));
    turn.become(turn.batch().withoutFirstGroup().answered());
    next(turn);
  }

  private static boolean isAllOrNothing(BatchState batch) {
    return batch.kind() == Kind.REFIT;
  }

  private static Refusal wouldBeLost(List<LedgerEdit> falling, Map<String, EditOutcome> outcomes) {
    LedgerEdit first = falling.get(0);
    return new Refusal(
        ReasonCode.EDIT_LOST,
        "%d of them would be lost, the first of them %s (%s): revert those, or leave the list as it is"
            .formatted(
                falling.size(),
                first.id(),
                EditVerdicts.whyNot(outcomes.get(first.id())).message()));
  }

  private static void hold(
      ModelTurn turn, LedgerEdit edit, EditOutcome outcome, String foundationKey) {
    if (!EditVerdicts.holds(outcome)) {
      turn.keep(edit.with(lost(edit, EditVerdicts.whyNot(outcome))));
      return;
    }
    KeptArtifact artifact =
        outcome.getVerdict() == EditVerdict.APPLIED
            ? KeptArtifact.of(outcome.getEntry(), foundationKey)
            : null;
    turn.keep(edit.with(new Candidate(turn.nextPosition(), artifact, null, true)));
  }

  private static Candidate lost(LedgerEdit edit, Refusal why) {
    return new Candidate(edit.position(), null, why, true);
  }

  /**
   * The first group ruins the model: smaller ones are tried, and an edit that does alone is lost.
   */
  private void divide(ModelTurn turn, Judged judged) {
    BatchState batch = turn.batch().answered();
    List<Group> parts = batch.group().divided();
    if (!parts.isEmpty()) {
      turn.become(batch.divided(parts));
      return;
    }
    loseFirstGroup(turn, EditGateReports.refusal(judged));
    next(turn);
  }

  private void loseFirstGroup(ModelTurn turn, Refusal why) {
    BatchState batch = turn.batch();
    turn.of(batch.group().orders()).forEach(edit -> turn.keep(edit.with(lost(edit, why))));
    turn.become(turn.batch().withoutFirstGroup().answered());
  }

  /** A worker measured the list as it is. */
  void measured(ModelTurn turn, EditsRun run) {
    if (accepts(turn, turn.rebuilt(), run)) {
      turn.become(turn.batch().answered());
      next(turn);
    }
  }

  /** Takes over what was measured of the list as it is; gives up where it may not be served. */
  private boolean accepts(ModelTurn turn, List<LedgerEdit> edits, EditsRun run) {
    Judged judged = judge(turn, run);
    EditGateReports.tell(turn, edits, judged);
    BatchState batch = turn.batch();
    boolean erases = batch.kind() == Kind.ERASE;
    if (!erases && (judged.verdict() == GateVerdict.FAILED || !mayPass(batch, judged))) {
      ends.giveUp(turn, judged);
      return false;
    }
    turn.become(batch.judged(judged).on(EditVerdicts.foundationOf(batch, run)));
    return true;
  }

  private Judged judge(ModelTurn turn, EditsRun run) {
    return EditGateRule.judge(
        turn.batch().rules(), run, Foundation.references(foundation.of(turn)));
  }

  /** What is not measured passes if the policy says so, and if edits are erased. */
  private static boolean mayPass(BatchState batch, Judged judged) {
    return judged.verdict() != GateVerdict.UNMEASURED
        || batch.kind() == Kind.ERASE
        || batch.rules().letsUnmeasuredPass();
  }

  /** Looks whether anything is left to find out; if not, the list becomes a version. */
  private void next(ModelTurn turn) {
    BatchState batch = turn.batch();
    boolean canCompute = batch.rules().editor() != null;
    while (!canCompute && !batch.groups().isEmpty()) {
      loseFirstGroup(
          turn,
          new Refusal(
              ReasonCode.EDIT_LOST,
              "the edit no longer holds and no policy says how to make it again"));
      batch = turn.batch();
    }
    if (!batch.unchecked().isEmpty() || !batch.groups().isEmpty()) {
      return;
    }
    boolean hasArtifact =
        turn.rebuilt().stream().anyMatch(edit -> edit.candidate().artifact() != null);
    if (hasArtifact && !batch.measured() && !batch.rules().canaries().isEmpty()) {
      return;
    }
    if (hasArtifact && !batch.measured()) {
      turn.become(batch.judged(EditGateRule.noCanary(batch.rules())));
    }
    ends.publish(turn);
  }

  /** The task in flight cannot be carried through. */
  void deadLetter(ModelTurn turn, Endings.Fault fault) {
    if (turn.batch().kind() == Kind.ERASE) {
      eraseAnyway(turn, fault.message());
    } else {
      ends.giveUp(turn, fault);
    }
  }

  /** A worker says that what is asked for is at fault. */
  void refused(ModelTurn turn, Refusal refusal) {
    if (turn.batch().kind() == Kind.ERASE) {
      eraseAnyway(turn, refusal.message());
    } else {
      ends.giveUp(turn, refusal, null);
    }
  }

  /** Nothing stops an erasure: what could not be found out is taken as unmeasured. */
  private void eraseAnyway(ModelTurn turn, String why) {
    Refusal lost = new Refusal(ReasonCode.EDIT_LOST, "the edit could not be made again: " + why);
    while (!turn.batch().groups().isEmpty()) {
      loseFirstGroup(turn, lost);
    }
    turn.become(turn.batch().checking(List.of()).judged(EditGateRule.unmeasured(why)).answered());
    ends.publish(turn);
  }

  /** Ends a rebuild whose delta or command ended for another reason. */
  static void abandon(ModelTurn turn) {
    RebuildEnds.forget(turn);
  }
}
