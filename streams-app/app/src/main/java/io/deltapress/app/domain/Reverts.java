package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import java.util.List;

/**
 * Takes edits back: the list is made anew without them. One that was folded into the delta is taken
 * back by going back to the delta as it was submitted.
 */
final class Reverts {
  private final Rebuilds rebuilds;

  Reverts(Rebuilds rebuilds) {
    this.rebuilds = rebuilds;
  }

  /** Carries out a command, or begins to. */
  void begin(ModelTurn turn, Command command, EditRules rules) {
    List<LedgerEdit> leaving =
        turn.inEffect().stream().filter(edit -> command.names(edit.request())).toList();
    if (leaving.isEmpty()) {
      nothing(turn, command);
      return;
    }
    ModelVersion head = turn.head().orElseThrow();
    boolean unfolds = leaving.stream().anyMatch(edit -> edit.is(LedgerEdit.Standing.FOLDED));
    ModelVersion below = unfolds ? Foundation.unfolded(turn, head) : head;
    BatchState batch =
        BatchState.begun(
            Kind.REVERT, command, head.getBaseDigest(), below.getVersion(), rules, turn.now());
    List<LedgerEdit> staying =
        (unfolds ? turn.inEffect() : turn.live())
            .stream().filter(edit -> !command.names(edit.request())).toList();
    rebuilds.begin(turn, batch, staying, edit -> !unfolds || standsOn(edit, below));
  }

  /** Whether the artifact of an edit can be put on that version without its edits. */
  static boolean standsOn(LedgerEdit edit, ModelVersion below) {
    KeptArtifact artifact = edit.artifact();
    return artifact != null && artifact.foundation().equals(Foundation.key(below));
  }

  private static void nothing(ModelTurn turn, Command command) {
    if (command.withdrawn() > 0) {
      EditEndings.done(turn, command, "taken back before anything was published");
    } else {
      EditEndings.reject(turn, command, unknown(command), null);
    }
  }

  static Refusal unknown(Command command) {
    return new Refusal(
        ReasonCode.UNKNOWN_EDIT,
        "%s has no live edit %s: see `deltapress versions`"
            .formatted(command.modelKey(), String.join(", ", command.editIds())));
  }
}
