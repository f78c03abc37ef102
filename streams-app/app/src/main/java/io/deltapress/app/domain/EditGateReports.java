package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Judged;
import io.deltapress.schemas.EditGate;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ReasonCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words what the gate of edits measured, for versions, events and rejections. */
final class EditGateReports {
  private EditGateReports() {}

  /** What is told of a judgement. */
  static @Nullable EditGate report(EditRules rules, BatchState.@Nullable Judged judged) {
    return judged == null
        ? null
        : EditGate.newBuilder()
            .setVerdict(judged.verdict())
            .setReason(judged.reason())
            .setPolicyScope(rules.scope())
            .setLargestDrop(rules.scope() == null ? null : rules.largestDrop())
            .setCanaries(judged.scores().stream().map(GateState.Score::toRecord).toList())
            .build();
  }

  /** One line for a person. */
  static String describe(BatchState.Judged judged) {
    return judged.reason() == null ? GateRule.describe(judged.scores()) : judged.reason();
  }

  /** Tells what the gate said of edits. */
  static void tell(ModelTurn turn, List<LedgerEdit> edits, Judged judged) {
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
                "%d edits %s: %s".formatted(edits.size(), said, describe(judged)))
            .setEditGate(report(batch.rules(), judged)));
  }

  /** Why edits are rejected that a gate did not let pass. */
  static Refusal refusal(Judged judged) {
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
}
