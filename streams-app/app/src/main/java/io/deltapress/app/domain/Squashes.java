package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Judged;
import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.app.domain.LedgerEdit.Standing;
import io.deltapress.schemas.EditGate;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.VersionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Folds the live edits into the delta. The ledger keeps them with their artifacts, so that one can
 * be taken back later and all are put on a new delta.
 */
final class Squashes {
  /** A version names each of them, and its record must fit into Kafka. */
  private static final int MOST_FOLDED = 2_000;

  private final Foundation foundation;

  Squashes(Foundation foundation) {
    this.foundation = foundation;
  }

  void begin(ModelTurn turn, Command command, EditRules rules) {
    List<LedgerEdit> list = turn.live().stream().filter(RunAsk::isInList).toList();
    if (list.isEmpty()) {
      reject(
          turn,
          command,
          ReasonCode.NOTHING_TO_DO,
          "%s has no live edit with an artifact to fold".formatted(command.modelKey()));
      return;
    }
    ModelVersion head = turn.head().orElseThrow();
    int folded = head.getFolded().size() + list.size();
    if (folded > MOST_FOLDED) {
      reject(
          turn,
          command,
          ReasonCode.TOO_MANY_EDITS,
          "%d edits would be folded into the delta of %s and at most %d can be: submit a delta that is"
                  .formatted(folded, command.modelKey(), MOST_FOLDED)
              + " trained on them");
      return;
    }
    turn.become(
        BatchState.begun(
            Kind.SQUASH, command, head.getBaseDigest(), head.getVersion(), rules, turn.now()));
  }

  private static void reject(ModelTurn turn, Command command, ReasonCode reason, String message) {
    EditEndings.reject(turn, command, new Refusal(reason, message), null);
  }

  /** A worker folded the list. */
  void folded(ModelTurn turn, EditsRun run) {
    BatchState batch = turn.batch();
    Command command = command(batch);
    ModelVersion head = foundation.of(turn);
    Judged judged = EditGateRule.judge(batch.rules(), run, Foundation.references(head));
    List<LedgerEdit> list = turn.live().stream().filter(RunAsk::isInList).toList();
    EditGateReports.tell(turn, list, judged);
    boolean passes =
        judged.verdict() == GateVerdict.PASSED
            || (judged.verdict() == GateVerdict.UNMEASURED && batch.rules().letsUnmeasuredPass());
    EditGate gate = EditGateReports.report(batch.rules(), judged);
    if (!passes) {
      turn.become((BatchState) null);
      Refusal why = EditGateReports.refusal(judged);
      EditEndings.reject(
          turn,
          command,
          new Refusal(
              judged.verdict() == GateVerdict.FAILED ? ReasonCode.GATE_FAILED : why.reason(),
              "the edits were not folded: %s".formatted(judged.reason())),
          gate);
      return;
    }
    int number = turn.nextVersion();
    list.forEach(edit -> turn.keep(edit.at(Standing.FOLDED)));
    turn.publish(version(turn, head, run, list, gate), command.told("squashed"), command);
    for (LedgerEdit edit : list) {
      turn.tell(
          turn.because(
              turn.event(
                      edit.request(),
                      EventTypes.EDIT_FOLDED,
                      "folded into the delta of version " + number)
                  .setVersion(number),
              command));
    }
    turn.become((BatchState) null);
    EditEndings.done(turn, command, "done in version " + number);
  }

  private static ModelVersion version(
      ModelTurn turn, ModelVersion head, EditsRun run, List<LedgerEdit> list, EditGate gate) {
    List<String> folded = new ArrayList<>(head.getFolded());
    folded.addAll(RunAsk.ids(list));
    ModelVersion.Builder version =
        ModelVersion.newBuilder(head)
            .setVersion(turn.nextVersion())
            .setState(VersionState.PUBLISHED)
            .setArtifact(run.getFolded())
            .setStatistics(null)
            .setEdits(List.of())
            .setAlreadyTrue(Versions.alreadyTrue(turn.live()))
            .setFolded(folded)
            .setFoldedFrom(head.getVersion())
            .setFoundationDigest(null)
            .setEditGate(gate)
            .setPublishedAt(turn.now());
    return Versions.because(version, command(turn.batch())).build();
  }

  private static Command command(BatchState batch) {
    return Objects.requireNonNull(batch.command());
  }

  /** The task cannot be carried through: everything stays as it was. */
  static void deadLetter(ModelTurn turn, Endings.Fault fault) {
    Command command = command(turn.batch());
    turn.become((BatchState) null);
    EditEndings.deadLetter(turn, command, EventTypes.CONTROL_DEAD_LETTERED, fault);
  }

  /** A worker says that what is asked for is at fault: everything stays as it was. */
  static void refused(ModelTurn turn, Refusal refusal) {
    Command command = command(turn.batch());
    turn.become((BatchState) null);
    EditEndings.reject(turn, command, refusal, null);
  }
}
