package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Judged;
import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.app.domain.LedgerEdit.Candidate;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.VersionCause;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ends of a rebuild: one version, or everything as it was before. */
final class RebuildEnds {
  private final Foundation foundation;

  RebuildEnds(Foundation foundation) {
    this.foundation = foundation;
  }

  /** Makes the rebuilt list the list of the head. */
  void publish(ModelTurn turn) {
    BatchState batch = turn.batch();
    int number = turn.nextVersion();
    ModelVersion below = foundation.of(turn);
    List<LedgerEdit> rebuilt = turn.rebuilt();
    List<LedgerEdit> lost =
        turn.matching(edit -> edit.candidate() != null && edit.candidate().lost() != null);
    List<LedgerEdit> leaving =
        batch.kind() == Kind.REVERT
            ? turn.inEffect().stream().filter(edit -> command(batch).names(edit.request())).toList()
            : List.of();
    lost.forEach(turn::retire);
    leaving.forEach(turn::retire);
    rebuilt.forEach(edit -> turn.keep(settled(edit, number)));
    version(turn, below);
    for (LedgerEdit edit : lost) {
      EditEndings.lost(
          turn, edit, told(Objects.requireNonNull(edit.candidate().lost())), batch.command());
    }
    rebuilt.stream()
        .filter(edit -> edit.candidate().computed())
        .forEach(edit -> tellKept(turn, edit, number, batch.command()));
    leaving.forEach(
        edit ->
            turn.tell(
                turn.because(
                    turn.event(
                            edit.request(),
                            EventTypes.EDIT_REVERTED,
                            command(batch).told("reverted"))
                        .setVersion(number),
                    batch.command())));
    if (batch.kind() == Kind.ERASE) {
      Erasures.tell(turn, command(batch), batch.erased(), number);
    }
    turn.become((BatchState) null);
    if (batch.command() != null) {
      EditEndings.done(turn, batch.command(), "done in version " + number);
    }
  }

  private static LedgerEdit settled(LedgerEdit edit, int number) {
    Candidate candidate = edit.candidate();
    return edit.live(
        candidate.position(), candidate.artifact(), candidate.computed() ? number : edit.since());
  }

  private static void version(ModelTurn turn, ModelVersion below) {
    BatchState batch = turn.batch();
    ModelVersion.Builder version = Versions.of(turn, below, turn.live());
    if (batch.command() != null) {
      turn.publish(
          Versions.because(version, batch.command()).build(),
          batch.command().told(done(batch.kind())),
          batch.command());
      return;
    }
    DeltaState delta = Objects.requireNonNull(turn.model().delta());
    String id = delta.request().submissionId();
    version.setCause(new VersionCause("replay", List.of(id), null));
    turn.publish(version.build(), "published submission " + id, null);
    turn.take(
        new Decision(
            turn.model().withoutDelta(),
            List.of(),
            List.of(new Decision.Ended(delta.request(), Ending.PUBLISHED))));
  }

  private static String done(Kind kind) {
    return switch (kind) {
      case ERASE -> "erased";
      case REFIT -> "computed anew together";
      default -> "reverted";
    };
  }

  private static String notDone(Kind kind) {
    return kind == Kind.REFIT
        ? "the edits were not computed anew: "
        : "the revert was not carried out: ";
  }

  /** Whatever the reason, what happened to the edit is that it was lost. */
  private static Refusal told(Refusal why) {
    return new Refusal(
        ReasonCode.EDIT_LOST,
        "the edit no longer holds and could not be made again: " + why.message());
  }

  private static void tellKept(
      ModelTurn turn, LedgerEdit edit, int number, @Nullable Command command) {
    boolean hasArtifact = edit.candidate().artifact() != null;
    turn.tell(
        turn.because(
            turn.event(
                    edit.request(),
                    hasArtifact ? EventTypes.EDIT_KEPT : EventTypes.EDIT_ALREADY_TRUE,
                    hasArtifact
                        ? "kept: made again for version " + number
                        : "true already in version " + number)
                .setVersion(number),
            command));
  }

  private static Command command(BatchState batch) {
    return Objects.requireNonNull(batch.command());
  }

  /** The gate does not let the list pass: what asked for it is rejected, all stays as it was. */
  void giveUp(ModelTurn turn, Judged judged) {
    Refusal refusal =
        judged.verdict() == GateVerdict.FAILED
            ? new Refusal(ReasonCode.GATE_FAILED, EditGateReports.describe(judged))
            : new Refusal(
                ReasonCode.GATE_UNMEASURED,
                "nothing could be measured: %s: see the policy's canaries, or let it publish what is unmeasured"
                    .formatted(judged.reason()));
    giveUp(turn, refusal, judged);
  }

  /** What asked for the rebuild is rejected; everything stays as it was. */
  void giveUp(ModelTurn turn, Refusal refusal, @Nullable Judged judged) {
    BatchState batch = turn.batch();
    forget(turn);
    if (batch.command() != null) {
      EditEndings.reject(
          turn,
          batch.command(),
          new Refusal(refusal.reason(), notDone(batch.kind()) + refusal.message()),
          EditGateReports.report(batch.rules(), judged));
      return;
    }
    DeltaState delta = Objects.requireNonNull(turn.model().delta());
    turn.take(
        Endings.reject(
            turn.model(), delta, refusal.reason(), onReplay(refusal.message()), turn.now()));
  }

  /** The pipeline could not carry it through; everything stays as it was. */
  void giveUp(ModelTurn turn, Endings.Fault fault) {
    BatchState batch = turn.batch();
    forget(turn);
    if (batch.command() != null) {
      EditEndings.deadLetter(turn, batch.command(), EventTypes.CONTROL_DEAD_LETTERED, fault);
      return;
    }
    DeltaState delta = Objects.requireNonNull(turn.model().delta());
    turn.take(
        Endings.deadLetter(
            turn.model(),
            delta,
            new Endings.Fault(
                fault.reason(), onReplay(fault.message()), fault.errorClass(), fault.attempts()),
            turn.now()));
  }

  private static String onReplay(String message) {
    return "the live edits could not be put on the new delta: " + message;
  }

  /** Forgets what a rebuild has come to. */
  static void forget(ModelTurn turn) {
    turn.matching(edit -> edit.candidate() != null)
        .forEach(edit -> turn.keep(edit.with((Candidate) null)));
    turn.become((BatchState) null);
  }
}
