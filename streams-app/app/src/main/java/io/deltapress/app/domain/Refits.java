package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import java.util.List;

/**
 * Computes all live edits of a model anew, together, on the model without any: so they cost it
 * least, whatever was computed one after the other before. None of them is lost by it; if one would
 * be, everything stays as it was.
 */
final class Refits {
  private final Rebuilds rebuilds;

  Refits(Rebuilds rebuilds) {
    this.rebuilds = rebuilds;
  }

  void begin(ModelTurn turn, Command command, EditRules rules) {
    List<LedgerEdit> live = turn.live();
    if (live.isEmpty()) {
      reject(
          turn,
          command,
          ReasonCode.NOTHING_TO_DO,
          "%s has no live edit to compute anew".formatted(command.modelKey()));
    } else if (rules.editor() == null) {
      reject(
          turn,
          command,
          ReasonCode.EDITS_NOT_ALLOWED,
          "no policy says how edits of %s are computed: set one with `edits` in it"
              .formatted(command.modelKey()));
    } else {
      ModelVersion head = turn.head().orElseThrow();
      BatchState batch =
          BatchState.begun(
              Kind.REFIT,
              command,
              head.getBaseDigest(),
              head.getVersion(),
              rules.together(),
              turn.now());
      rebuilds.begin(turn, batch, live, edit -> false);
    }
  }

  private static void reject(ModelTurn turn, Command command, ReasonCode reason, String message) {
    EditEndings.reject(turn, command, new Refusal(reason, message), null);
  }
}
