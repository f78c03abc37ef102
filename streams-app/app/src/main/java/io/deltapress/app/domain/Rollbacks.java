package io.deltapress.app.domain;

import io.deltapress.app.domain.LedgerEdit.Standing;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.VersionState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Serves an earlier version again; what is live follows that version. */
final class Rollbacks {
  private Rollbacks() {}

  /** Why there is nothing to move; empty if there is. */
  static Optional<Refusal> idle(ModelTurn turn, Command command) {
    ModelState model = turn.model();
    return wanted(command) == model.headVersion()
        ? Optional.of(
            new Refusal(
                ReasonCode.NOTHING_TO_DO,
                "%s is at version %d already".formatted(model.key(), wanted(command))))
        : Optional.empty();
  }

  private static int wanted(Command command) {
    return Objects.requireNonNull(command.version());
  }

  /** Why the head can never go there; empty if it can. */
  static Optional<Refusal> refusal(ModelTurn turn, Command command) {
    ModelState model = turn.model();
    int wanted = wanted(command);
    Optional<ModelVersion> version = turn.facts().version(model.key(), wanted);
    if (version.isEmpty()) {
      return Optional.of(
          new Refusal(
              ReasonCode.UNKNOWN_VERSION,
              "%s has no version %d that this release published: see `deltapress versions`"
                  .formatted(model.key(), wanted)));
    }
    return version.get().getState() == VersionState.REVOKED
        ? Optional.of(
            new Refusal(
                ReasonCode.VERSION_REVOKED,
                "version %d of %s was revoked and is never served again: choose another one"
                    .formatted(wanted, model.key())))
        : Optional.empty();
  }

  static void perform(ModelTurn turn, Command command) {
    Optional<Refusal> refusal = refusal(turn, command).or(() -> idle(turn, command));
    if (refusal.isPresent()) {
      EditEndings.reject(turn, command, refusal.get(), null);
      return;
    }
    ModelVersion version =
        turn.facts().version(turn.model().key(), command.version()).orElseThrow();
    List<LedgerEdit> before = turn.inEffect();
    List<LedgerEdit> after = members(turn, version);
    Set<Integer> staying = new HashSet<>(Groups.orders(after));
    List<LedgerEdit> leaving =
        before.stream().filter(edit -> !staying.contains(edit.order())).toList();
    leaving.forEach(turn::retire);
    for (LedgerEdit edit : after) {
      turn.restore(edit.placed(turn.nextPosition()));
    }
    turn.moveHead(version, command);
    Set<Integer> known = new HashSet<>(Groups.orders(before));
    leaving.forEach(edit -> tell(turn, edit, EventTypes.EDIT_ROLLED_BACK, command));
    after.stream()
        .filter(edit -> !known.contains(edit.order()))
        .forEach(edit -> tell(turn, edit, EventTypes.EDIT_RESTORED, command));
    EditEndings.done(turn, command, "head is at version " + version.getVersion());
  }

  private static void tell(ModelTurn turn, LedgerEdit edit, String type, Command command) {
    turn.tell(
        turn.because(
            turn.event(edit.request(), type, command.told("rolled back"))
                .setVersion(command.version()),
            command));
  }

  /** The edits that take effect in a version, as they are there, in order. */
  private static List<LedgerEdit> members(ModelTurn turn, ModelVersion version) {
    Map<String, LedgerEdit> known = new HashMap<>();
    Stream.concat(turn.facts().retiredEdits(turn.model().key()).stream(), turn.inEffect().stream())
        .forEach(edit -> known.put(edit.id(), edit));
    List<LedgerEdit> live = new ArrayList<>();
    for (EditEntry entry : version.getEdits()) {
      Optional.ofNullable(known.get(entry.getEditId()))
          .map(edit -> edit.live(0, KeptArtifact.of(entry, Foundation.key(version)), edit.since()))
          .ifPresent(live::add);
    }
    for (String id : version.getAlreadyTrue()) {
      Optional.ofNullable(known.get(id))
          .map(edit -> edit.live(0, null, edit.since()))
          .ifPresent(live::add);
    }
    Set<String> newer = new HashSet<>();
    live.forEach(edit -> newer.add(edit.request().promptKey()));
    List<LedgerEdit> members = new ArrayList<>();
    for (String id : version.getFolded()) {
      LedgerEdit edit = known.get(id);
      // One that a later edit of its prompt replaced is in the delta still, but not in effect.
      if (edit != null && !newer.contains(edit.request().promptKey())) {
        members.add(edit.at(Standing.FOLDED));
      }
    }
    members.addAll(live);
    return members;
  }
}
