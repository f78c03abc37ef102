package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.schemas.ReasonCode;
import java.util.List;
import java.util.Optional;

/**
 * Decides what of a model comes next, in the order in which it was accepted: a batch of edits, a
 * command, or a delta that is ready. One thing is in work at a time.
 */
final class EditQueue {
  private final Replays replays;
  private final Reverts reverts;
  private final Erasures erasures;
  private final Refits refits;
  private final Squashes squashes;
  private final PlannerSettings settings;

  EditQueue(PlannerSettings settings, Replays replays, Rebuilds rebuilds, Squashes squashes) {
    this.settings = settings;
    this.replays = replays;
    this.reverts = new Reverts(rebuilds);
    this.erasures = new Erasures(rebuilds);
    this.refits = new Refits(rebuilds);
    this.squashes = squashes;
  }

  /** Begins what comes next, if its time has come. Returns whether anything was decided. */
  boolean advance(ModelTurn turn, Optional<GatePolicy> policy) {
    BatchState batch = turn.state().batch();
    DeltaState delta = turn.model().delta();
    boolean replays = delta != null && delta.phase() == Phase.REPLAYING;
    if (batch != null) {
      boolean isOrphan = batch.kind() == Kind.REPLAY && !replays;
      if (isOrphan) {
        Rebuilds.abandon(turn);
      }
      return isOrphan;
    }
    List<LedgerEdit> queued = turn.queued();
    Optional<Command> command = turn.state().waiting().stream().findFirst();
    int firstCommand = command.map(Command::order).orElse(Integer.MAX_VALUE);
    int next = queued.isEmpty() ? firstCommand : Math.min(queued.get(0).order(), firstCommand);
    boolean nothingBefore = next == Integer.MAX_VALUE || (delta != null && delta.isBefore(next));
    if (nothingBefore) {
      return delta != null && beginDelta(turn, delta, policy);
    }
    if (next == firstCommand) {
      begin(turn, command.orElseThrow(), policy);
      return true;
    }
    List<LedgerEdit> first =
        queued.stream()
            .filter(edit -> edit.order() < firstCommand)
            .filter(edit -> delta == null || !delta.isBefore(edit.order()))
            .toList();
    boolean hurry = command.isPresent() || (delta != null && delta.phase() != Phase.PARKED);
    return EditBatches.begin(turn, first, EditRules.of(policy, settings.defaultEditor()), hurry);
  }

  private boolean beginDelta(ModelTurn turn, DeltaState delta, Optional<GatePolicy> policy) {
    if (delta.phase() != Phase.ASSEMBLED) {
      return false;
    }
    replays.begin(turn, delta, EditRules.of(policy, settings.defaultEditor()));
    return true;
  }

  private void begin(ModelTurn turn, Command command, Optional<GatePolicy> policy) {
    List<Command> waiting = turn.state().waiting();
    turn.become(turn.state().waitingFor(waiting.subList(1, waiting.size())));
    Optional<String> missing = Foundation.missing(turn);
    Optional<Refusal> refusal =
        VersionExpectation.broken(command, command.expectedVersion(), turn.model().headVersion())
            .map(message -> new Refusal(ReasonCode.VERSION_CONFLICT, message))
            .or(() -> missing.map(message -> new Refusal(ReasonCode.NO_VERSION, message)));
    if (refusal.isPresent()) {
      EditEndings.reject(turn, command, refusal.get(), null);
      return;
    }
    EditRules rules = EditRules.forTakingBack(policy, settings.defaultEditor());
    switch (command.action()) {
      case REVERT -> reverts.begin(turn, command, rules);
      case ERASE -> erasures.begin(turn, command, rules);
      case ROLLBACK -> Rollbacks.perform(turn, command);
      case SQUASH -> squashes.begin(turn, command, rules);
      case REFIT -> refits.begin(turn, command, rules);
      default -> throw new IllegalStateException(command.action() + " does not wait");
    }
  }
}
