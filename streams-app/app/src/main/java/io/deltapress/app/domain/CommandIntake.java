package io.deltapress.app.domain;

import io.deltapress.app.domain.LedgerEdit.Standing;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Accepts commands. What they say of edits that are not published yet happens at once; for the rest
 * each has its place among the edits of its model. A rollback says what is to be served, as a delta
 * does: it takes the place of one that is not published yet.
 */
final class CommandIntake {
  private static final int MOST_WAITING = 64;

  private CommandIntake() {}

  static void accept(ModelTurn turn, Command command) {
    Optional<Refusal> refusal = refusal(turn, command);
    if (refusal.isPresent()) {
      EditEndings.reject(turn, command, refusal.get(), null);
      return;
    }
    turn.tell(
        turn.because(
            turn.event(command, EventTypes.CONTROL_ACCEPTED, command.told("accepted")), command));
    switch (command.action()) {
      case CANCEL -> cancel(turn, command);
      case REVERT, ERASE -> await(turn, command, withdraw(turn, command));
      case ROLLBACK -> {
        turn.take(Endings.supersede(turn.model(), command, turn.now()));
        await(turn, command, 0);
      }
      default -> await(turn, command, 0);
    }
  }

  private static Optional<Refusal> refusal(ModelTurn turn, Command command) {
    ModelState model = turn.model();
    Optional<Refusal> conflict =
        VersionExpectation.broken(command, command.expectedVersion(), model.headVersion())
            .map(message -> new Refusal(ReasonCode.VERSION_CONFLICT, message));
    if (conflict.isPresent()) {
      return conflict;
    }
    if (model.edits().waiting().size() >= MOST_WAITING) {
      return Optional.of(
          Refusal.invalid(
              "%d commands of %s wait already: wait until they are carried out"
                  .formatted(MOST_WAITING, model.key())));
    }
    return switch (command.action()) {
      case REVERT -> unknownEdit(turn, command);
      case ROLLBACK ->
          Rollbacks.refusal(turn, command)
              .or(() -> isBusy(model) ? Optional.empty() : Rollbacks.idle(turn, command));
      case SQUASH, REFIT -> noVersion(turn, command);
      default -> Optional.empty();
    };
  }

  /** The head may be another one when the turn of the command comes. */
  private static boolean isBusy(ModelState model) {
    return model.edits().isBusy();
  }

  private static Optional<Refusal> unknownEdit(ModelTurn turn, Command command) {
    Set<String> known =
        new HashSet<>(RunAsk.ids(turn.matching(edit -> !edit.is(Standing.RETIRED))));
    List<String> unknown =
        command.editIds().stream().filter(id -> !known.contains(id)).sorted().toList();
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                ReasonCode.UNKNOWN_EDIT,
                "%s has no live or waiting edit %s: see `deltapress versions`"
                    .formatted(command.modelKey(), String.join(", ", unknown))));
  }

  private static Optional<Refusal> noVersion(ModelTurn turn, Command command) {
    return turn.model().headVersion() == 0 && !isBusy(turn.model())
        ? Optional.of(
            new Refusal(
                ReasonCode.NO_VERSION, "%s has no version yet".formatted(command.modelKey())))
        : Optional.empty();
  }

  private static void await(ModelTurn turn, Command command, int withdrawn) {
    int order = turn.nextOrder();
    List<Command> waiting = new ArrayList<>(turn.state().waiting());
    waiting.add(command.waiting(order, withdrawn));
    turn.become(turn.state().waitingFor(waiting));
  }

  /** Ends what a command names and is not published yet; returns how many edits that were. */
  private static int withdraw(ModelTurn turn, Command command) {
    return withdraw(turn, command, edit -> command.names(edit.request()));
  }

  private static int withdraw(ModelTurn turn, Command command, Predicate<LedgerEdit> named) {
    List<LedgerEdit> leaving = turn.queued().stream().filter(named).toList();
    EditBatches.without(turn, leaving);
    leaving.forEach(edit -> EditEndings.withdraw(turn, edit, command));
    return leaving.size();
  }

  private static void cancel(ModelTurn turn, Command command) {
    String target = String.valueOf(command.target());
    DeltaState delta = turn.model().delta();
    boolean ofDelta = delta != null && delta.request().submissionId().equals(target);
    if (ofDelta) {
      turn.take(Endings.cancel(turn.model(), delta, command, turn.now()));
    }
    if (ofDelta
        || withdraw(turn, command, edit -> edit.id().equals(target)) > 0
        || cancelWaiting(turn, command, target)
        || cancelInWork(turn, command, target)) {
      EditEndings.done(turn, command, "cancelled " + target);
      return;
    }
    EditEndings.reject(
        turn,
        command,
        new Refusal(
            ReasonCode.NOTHING_TO_DO,
            "nothing called %s waits or is in work for %s: what is published is taken back by revert or"
                    .formatted(target, command.modelKey())
                + " rollback"),
        null);
  }

  private static boolean cancelWaiting(ModelTurn turn, Command command, String target) {
    Optional<Command> found =
        turn.state().waiting().stream()
            .filter(waiting -> waiting.submissionId().equals(target))
            .findFirst();
    found.ifPresent(
        waiting -> {
          turn.become(
              turn.state()
                  .waitingFor(
                      turn.state().waiting().stream()
                          .filter(one -> !one.equals(waiting))
                          .toList()));
          cancelled(turn, waiting, command);
        });
    return found.isPresent();
  }

  /** An erasure that has begun is not to be stopped: the text is gone already. */
  private static boolean cancelInWork(ModelTurn turn, Command command, String target) {
    BatchState batch = turn.state().batch();
    Command inWork = batch == null ? null : batch.command();
    boolean isIt =
        inWork != null
            && inWork.submissionId().equals(target)
            && inWork.action() != ControlAction.ERASE;
    if (isIt) {
      RebuildEnds.forget(turn);
      cancelled(turn, inWork, command);
    }
    return isIt;
  }

  private static void cancelled(ModelTurn turn, Command cancelled, Command by) {
    EditEndings.reject(
        turn,
        cancelled,
        EventTypes.CONTROL_CANCELLED,
        new Refusal(ReasonCode.CANCELLED, by.told("cancelled")),
        EditEndings.Numbers.NONE);
  }
}
