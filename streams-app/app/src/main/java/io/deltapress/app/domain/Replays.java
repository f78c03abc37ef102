package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import java.util.List;
import java.util.Optional;

/**
 * Makes a finished delta the head: with the live edits of its model put on it, if there are any.
 */
final class Replays {
  private final Assembly assembly;
  private final Rebuilds rebuilds;

  Replays(Assembly assembly, Rebuilds rebuilds) {
    this.assembly = assembly;
    this.rebuilds = rebuilds;
  }

  void begin(ModelTurn turn, DeltaState delta, Optional<EditRules> rules) {
    Optional<Refusal> conflict = Assembly.conflict(turn.model());
    List<LedgerEdit> live = turn.inEffect();
    if (conflict.isPresent()) {
      reject(turn, delta, conflict.get());
    } else if (live.isEmpty()) {
      publish(turn, delta);
    } else if (rules.isEmpty()) {
      reject(
          turn,
          delta,
          new Refusal(
              ReasonCode.EDITS_NOT_ALLOWED,
              "%s has %d live edits and no policy says how to put them on a new delta: set one with `edits`"
                      .formatted(delta.request().modelKey(), live.size())
                  + " in it, or revert them"));
    } else {
      replay(turn, delta, live, rules.get());
    }
  }

  private static void reject(ModelTurn turn, DeltaState delta, Refusal refusal) {
    turn.take(Endings.reject(turn.model(), delta, refusal.reason(), refusal.message(), turn.now()));
  }

  private void publish(ModelTurn turn, DeltaState delta) {
    DeltaRequest request = delta.request();
    ModelVersion version = assembly.version(turn.model(), turn.facts(), turn.now());
    int number = version.getVersion();
    turn.publishSilently(version, "published submission " + request.submissionId());
    turn.take(
        new Decision(
            turn.model().withoutDelta(),
            new Announcer(request, delta.announced(), turn.now())
                .sayOfVersion(EventTypes.VERSION_PUBLISHED, "published version " + number, number)
                .sayOfVersion(EventTypes.HEAD_MOVED, "head is at version " + number, number)
                .events(),
            List.of(new Decision.Ended(request, Ending.PUBLISHED))));
  }

  private void replay(ModelTurn turn, DeltaState delta, List<LedgerEdit> live, EditRules rules) {
    DeltaRequest request = delta.request();
    Announcer announcer =
        new Announcer(request, delta.announced(), turn.now())
            .say(
                EventTypes.DELTA_REPLAYING,
                "puts %d live edits on the new delta".formatted(live.size()));
    turn.take(
        new Decision(
            turn.model().with(delta.at(Phase.REPLAYING).announced(announcer.count())),
            announcer.events(),
            List.of()));
    BatchState batch =
        BatchState.begun(Kind.REPLAY, null, request.baseDigest(), 0, rules, turn.now());
    rebuilds.begin(turn, batch, live, edit -> false);
  }
}
