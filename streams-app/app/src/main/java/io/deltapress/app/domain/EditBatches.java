package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Group;
import io.deltapress.app.domain.BatchState.Judged;
import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.app.domain.EditEndings.Numbers;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Batches of new edits. A group that passes the gate becomes one version; one that fails is divided
 * into halves, a half that fails into single edits, and those that fail alone are rejected with
 * their numbers.
 */
final class EditBatches {
  private final Foundation foundation;

  EditBatches(Foundation foundation) {
    this.foundation = foundation;
  }

  /**
   * Begins a batch, or ends edits that cannot be part of one.
   *
   * @param waiting the edits that may be in it, by order
   * @param hurry whether to take what is there, because something waits behind it
   * @return whether anything was decided
   */
  boolean begin(
      ModelTurn turn, List<LedgerEdit> waiting, Optional<EditRules> rules, boolean hurry) {
    if (rules.isEmpty()) {
      waiting.forEach(edit -> refuse(turn, edit, EditIntake.notAllowed(edit.request())));
      return true;
    }
    List<LedgerEdit> taken = Groups.first(waiting, rules.get());
    boolean isFull = taken.size() < waiting.size() || taken.size() == rules.get().largestBatch();
    if (!hurry && !isFull && !rules.get().isOver(taken.get(0).acceptedAt(), turn.now())) {
      return false;
    }
    List<LedgerEdit> fitting = withoutContradictions(turn, onOneFoundation(turn, taken));
    if (!fitting.isEmpty()) {
      BatchState batch =
          BatchState.begun(
              Kind.EDITS,
              null,
              base(turn, fitting.get(0)),
              turn.model().headVersion(),
              rules.get(),
              turn.now());
      turn.become(batch.computing(List.of(Groups.whole(fitting))));
    }
    return true;
  }

  private static String base(ModelTurn turn, LedgerEdit edit) {
    return turn.head()
        .map(ModelVersion::getBaseDigest)
        .orElseGet(() -> String.valueOf(edit.request().baseDigest()));
  }

  private static void refuse(ModelTurn turn, LedgerEdit edit, Refusal refusal) {
    EditEndings.reject(turn, edit, refusal, Numbers.NONE);
  }

  /** Those that can be put on what the head is now; of a model without one, on the same base. */
  private static List<LedgerEdit> onOneFoundation(ModelTurn turn, List<LedgerEdit> taken) {
    List<LedgerEdit> fitting = new ArrayList<>();
    for (LedgerEdit edit : taken) {
      EditRequest request = edit.request();
      Optional<Refusal> refusal =
          EditIntake.conflict(turn, request)
              .or(() -> EditIntake.foundation(turn, request))
              .or(() -> baseless(turn, request));
      refusal.ifPresentOrElse(
          no -> refuse(turn, edit, no),
          () -> {
            boolean sameBase =
                fitting.isEmpty() || base(turn, fitting.get(0)).equals(base(turn, edit));
            if (sameBase) {
              fitting.add(edit);
            }
          });
    }
    return fitting;
  }

  /** An edit that waited for a version that never came. */
  private static Optional<Refusal> baseless(ModelTurn turn, EditRequest request) {
    return turn.model().headVersion() == 0 && request.baseDigest() == null
        ? Optional.of(
            new Refusal(
                ReasonCode.NO_VERSION,
                "%s has no version yet: submit a delta first, or name a base in baseDigest"
                    .formatted(request.modelKey())))
        : Optional.empty();
  }

  /** Of edits about one prompt the last is meant. */
  private static List<LedgerEdit> withoutContradictions(ModelTurn turn, List<LedgerEdit> edits) {
    Map<String, LedgerEdit> last = new LinkedHashMap<>();
    edits.forEach(edit -> last.put(edit.request().promptKey(), edit));
    List<LedgerEdit> meant = new ArrayList<>();
    for (LedgerEdit edit : edits) {
      LedgerEdit later = last.get(edit.request().promptKey());
      if (later.order() == edit.order()) {
        meant.add(edit);
      } else {
        refuse(
            turn,
            edit,
            new Refusal(
                ReasonCode.EDIT_REPLACED,
                "edit %s asks for another answer to the same prompt and came later: it is the one that"
                        .formatted(later.id())
                    + " counts"));
      }
    }
    return meant;
  }

  /** A worker computed the first group. */
  void computed(ModelTurn turn, EditsRun run) {
    BatchState batch = turn.batch();
    List<LedgerEdit> group = turn.of(batch.group().orders());
    Map<String, EditOutcome> outcomes = outcomes(run);
    List<LedgerEdit> failed =
        group.stream().filter(edit -> !holds(outcomes.get(edit.id()))).toList();
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

  static Map<String, EditOutcome> outcomes(EditsRun run) {
    Map<String, EditOutcome> outcomes = new HashMap<>();
    run.getOutcomes().forEach(outcome -> outcomes.put(outcome.getEditId(), outcome));
    return outcomes;
  }

  static boolean holds(EditOutcome outcome) {
    return outcome.getVerdict() == EditVerdict.APPLIED
        || outcome.getVerdict() == EditVerdict.ALREADY_TRUE;
  }

  private static void ineffective(ModelTurn turn, LedgerEdit edit, EditOutcome outcome) {
    EditEndings.reject(turn, edit, whyNot(outcome), new Numbers(outcome, null));
  }

  /** Why an edit was computed in vain. */
  static Refusal whyNot(EditOutcome outcome) {
    boolean refused = outcome.getVerdict() == EditVerdict.REFUSED;
    String reason =
        outcome.getReason() != null
            ? outcome.getReason()
            : refused
                ? "the edit could not be computed"
                : "the model still does not give the target as its answer: word the prompt as the"
                    + " model is asked, or add rephrasings";
    return new Refusal(refused ? ReasonCode.EDIT_REFUSED : ReasonCode.EDIT_INEFFECTIVE, reason);
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
    tellGate(turn, held, judged);
    boolean passes =
        switch (judged.verdict()) {
          case PASSED -> true;
          case UNMEASURED -> batch.rules().letsUnmeasuredPass();
          default -> false;
        };
    if (passes) {
      turn.become(batch.judged(judged).on(foundationOf(batch, run)));
      publish(turn, held, outcomes);
      next(turn);
      return;
    }
    List<Group> parts =
        judged.verdict() == GateVerdict.FAILED ? batch.group().divided() : List.of();
    if (parts.isEmpty()) {
      Numbers ofGate = new Numbers(null, EditGateRule.report(batch.rules(), judged));
      held.forEach(
          edit ->
              EditEndings.reject(
                  turn,
                  edit,
                  failedGate(judged),
                  new Numbers(outcomes.get(edit.id()), ofGate.gate())));
      next(turn);
      return;
    }
    turn.become(batch.divided(parts));
  }

  static @Nullable String foundationOf(BatchState batch, EditsRun run) {
    return run.getFoundationDigest() != null ? run.getFoundationDigest() : batch.foundationDigest();
  }

  static void tellGate(ModelTurn turn, List<LedgerEdit> edits, Judged judged) {
    BatchState batch = turn.batch();
    String said =
        switch (judged.verdict()) {
          case PASSED -> "passed";
          case FAILED -> "failed";
          default -> "could not be measured";
        };
    String type =
        switch (judged.verdict()) {
          case PASSED -> EventTypes.EDITS_GATE_PASSED;
          case FAILED -> EventTypes.EDITS_GATE_FAILED;
          default -> EventTypes.EDITS_GATE_UNMEASURED;
        };
    turn.tell(
        turn.event(
                RunWriter.requestOf(turn),
                type,
                "%d edits %s: %s".formatted(edits.size(), said, EditGateRule.describe(judged)))
            .setEditGate(EditGateRule.report(batch.rules(), judged)));
  }

  /** Why edits are rejected that a gate did not let pass. */
  static Refusal failedGate(Judged judged) {
    return judged.verdict() == GateVerdict.FAILED
        ? new Refusal(
            ReasonCode.EDIT_GATE_FAILED,
            "with the edit %s: ask for less, or see what else its prompt touches"
                .formatted(judged.reason()))
        : new Refusal(
            ReasonCode.GATE_UNMEASURED,
            "the edit was not measured: %s: see the policy's canaries, or let it publish what is unmeasured"
                .formatted(judged.reason()));
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
    turn.of(turn.batch().group().orders()).forEach(edit -> refuse(turn, edit, refusal));
    next(turn);
  }

  /** Takes edits out of the batch in work; what is left of it is computed anew. */
  static void without(ModelTurn turn, List<LedgerEdit> leaving) {
    BatchState batch = turn.state().batch();
    Set<Integer> gone = new HashSet<>(Groups.orders(leaving));
    if (batch == null
        || batch.kind() != Kind.EDITS
        || batch.groups().stream().noneMatch(group -> group.hasAny(gone))) {
      return;
    }
    List<Group> rest =
        batch.groups().stream()
            .map(group -> group.without(gone))
            .filter(group -> !group.orders().isEmpty())
            .toList();
    BatchState next = batch.computing(rest);
    turn.become(
        rest.isEmpty()
            ? null
            : batch.group().hasAny(gone) ? next.checking(List.of()).answered() : next);
  }
}
