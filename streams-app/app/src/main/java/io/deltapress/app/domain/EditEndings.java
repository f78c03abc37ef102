package io.deltapress.app.domain;

import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.EditGate;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ReasonCode;
import org.jspecify.annotations.Nullable;

/** The ends of edits and commands that are not a version, and the records that tell of them. */
final class EditEndings {
  private EditEndings() {}

  /**
   * Numbers that a rejection comes with.
   *
   * @param outcome what a run measured of the edit; null where none did
   * @param gate what the gate measured; null where it did not come to that
   */
  record Numbers(@Nullable EditOutcome outcome, @Nullable EditGate gate) {
    static final Numbers NONE = new Numbers(null, null);

    /** The scores without where the artifact lies, which nobody will serve. */
    private @Nullable EditOutcome told() {
      return outcome == null ? null : EditOutcome.newBuilder(outcome).setEntry(null).build();
    }
  }

  /** Rejects an edit that is queued or in work. */
  static void reject(ModelTurn turn, LedgerEdit edit, Refusal refusal, Numbers numbers) {
    turn.drop(edit);
    reject(turn, edit.request(), EventTypes.EDIT_REJECTED, refusal, numbers);
  }

  /** Rejects a request that the ledger does not have. */
  static void reject(
      ModelTurn turn, ModelRequest request, String eventType, Refusal refusal, Numbers numbers) {
    rejected(turn, request, refusal, numbers);
    turn.tell(
        turn.event(request, eventType, refusal.message())
            .setEdit(numbers.told())
            .setEditGate(numbers.gate()));
  }

  /** Ends an edit that is not in effect yet because a person said so. */
  static void withdraw(ModelTurn turn, LedgerEdit edit, Command command) {
    turn.drop(edit);
    boolean erases = command.action() == ControlAction.ERASE;
    if (erases) {
      turn.erase(edit);
    }
    Refusal refusal =
        switch (command.action()) {
          case ERASE -> new Refusal(ReasonCode.ERASED, command.told("erased"));
          case REVERT -> new Refusal(ReasonCode.REVERTED, command.told("taken back"));
          default -> new Refusal(ReasonCode.CANCELLED, command.told("cancelled"));
        };
    rejected(turn, edit.request(), refusal, Numbers.NONE);
    String type = erases ? EventTypes.EDIT_ERASED : EventTypes.EDIT_CANCELLED;
    turn.tell(turn.because(turn.event(edit.request(), type, refusal.message()), command));
  }

  /** Tells of an edit in effect that no longer holds. */
  static void lost(ModelTurn turn, LedgerEdit edit, Refusal refusal, @Nullable Command command) {
    rejected(turn, edit.request(), refusal, Numbers.NONE);
    turn.tell(
        turn.because(turn.event(edit.request(), EventTypes.EDIT_LOST, refusal.message()), command));
  }

  private static void rejected(
      ModelTurn turn, ModelRequest request, Refusal refusal, Numbers numbers) {
    turn.write(
        request.modelKey(),
        Endings.rejection(request, refusal, turn.now())
            .setEdit(numbers.told())
            .setEditGate(numbers.gate())
            .build());
  }

  /** Ends an edit that the pipeline could not carry through. */
  static void deadLetter(ModelTurn turn, LedgerEdit edit, Endings.Fault fault) {
    turn.drop(edit);
    deadLetter(turn, edit.request(), EventTypes.EDIT_DEAD_LETTERED, fault);
  }

  /** Ends a request that the pipeline could not carry through. */
  static void deadLetter(
      ModelTurn turn, ModelRequest request, String eventType, Endings.Fault fault) {
    turn.write(request.modelKey(), Endings.letter(request, fault, turn.now()));
    turn.tell(request, eventType, fault.message());
  }

  /** Rejects a command. */
  static void reject(ModelTurn turn, Command command, Refusal refusal, @Nullable EditGate gate) {
    Numbers numbers = new Numbers(null, gate);
    rejected(turn, command, refusal, numbers);
    turn.tell(
        turn.because(
            turn.event(command, EventTypes.CONTROL_REJECTED, refusal.message()).setEditGate(gate),
            command));
  }

  /** Tells that a command was carried out. */
  static void done(ModelTurn turn, Command command, String message) {
    turn.tell(
        turn.because(turn.event(command, EventTypes.CONTROL_DONE, command.told(message)), command));
  }
}
