package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.Revocation;
import io.deltapress.schemas.VersionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Erases edits: their text leaves every store when the command's turn comes, the head is rebuilt
 * without them, and every version that carries one is revoked. Erasing wins over the gate and over
 * workers that fail.
 */
final class Erasures {
  private final Rebuilds rebuilds;

  Erasures(Rebuilds rebuilds) {
    this.rebuilds = rebuilds;
  }

  /** Carries out a command, or begins to. */
  void begin(ModelTurn turn, Command command, EditRules rules) {
    List<LedgerEdit> known =
        Stream.concat(
                turn.inEffect().stream(), turn.facts().retiredEdits(turn.model().key()).stream())
            .filter(edit -> command.names(edit.request()))
            .toList();
    Set<String> ids = new TreeSet<>(RunAsk.ids(known));
    command.editIds().stream().filter(id -> isCarried(turn, id)).forEach(ids::add);
    if (ids.isEmpty()) {
      nothing(turn, command);
      return;
    }
    boolean wasInEffect = known.stream().anyMatch(LedgerEdit::isInEffect);
    known.forEach(turn::erase);
    ModelVersion head = turn.head().orElse(null);
    if (head == null || !(wasInEffect || carries(head, ids))) {
      tell(turn, command, List.copyOf(ids), 0);
      EditEndings.done(turn, command, "erased");
      return;
    }
    boolean unfolds = head.getFolded().stream().anyMatch(ids::contains);
    ModelVersion below = unfolds ? Foundation.unfolded(turn, head) : head;
    BatchState batch =
        BatchState.begun(
                Kind.ERASE, command, head.getBaseDigest(), below.getVersion(), rules, turn.now())
            .erasing(List.copyOf(ids));
    rebuilds.begin(
        turn,
        batch,
        unfolds ? turn.inEffect() : turn.live(),
        edit -> !unfolds || Reverts.standsOn(edit, below));
  }

  private static void nothing(ModelTurn turn, Command command) {
    if (command.withdrawn() > 0) {
      EditEndings.done(turn, command, "erased before anything was published");
      return;
    }
    EditEndings.reject(
        turn,
        command,
        new Refusal(
            ReasonCode.UNKNOWN_EDIT,
            "%s keeps no edit that this names: there is nothing to erase"
                .formatted(command.modelKey())),
        null);
  }

  private static boolean isCarried(ModelTurn turn, String id) {
    return turn.facts().versions(turn.model().key()).stream()
        .anyMatch(version -> carries(version, Set.of(id)));
  }

  private static boolean carries(ModelVersion version, Set<String> ids) {
    return version.getFolded().stream().anyMatch(ids::contains)
        || version.getEdits().stream().map(EditEntry::getEditId).anyMatch(ids::contains);
  }

  /** Revokes what carries the edits, and tells of it. */
  static void tell(ModelTurn turn, Command command, List<String> erased, int replacement) {
    Set<String> ids = Set.copyOf(erased);
    List<Integer> revoked = new ArrayList<>();
    for (ModelVersion version : turn.facts().versions(turn.model().key())) {
      if (version.getState() != VersionState.REVOKED && carries(version, ids)) {
        turn.version(revoked(turn, version, command));
        revoked.add(version.getVersion());
      }
    }
    for (int number : revoked) {
      turn.tell(
          turn.because(
              turn.event(
                      command,
                      EventTypes.VERSION_REVOKED,
                      "revoked version %d: it carries an edit that was erased".formatted(number))
                  .setVersion(number),
              command));
    }
    for (String id : erased) {
      turn.tell(
          turn.because(
              turn.event(id, EventTypes.EDIT_ERASED, command.told("erased"))
                  .setVersion(replacement == 0 ? null : replacement),
              command));
    }
  }

  private static ModelVersion revoked(ModelTurn turn, ModelVersion version, Command command) {
    return ModelVersion.newBuilder(version)
        .setState(VersionState.REVOKED)
        .setRevocation(
            new Revocation(
                Objects.requireNonNull(command.reason()), command.requestedBy(), turn.now()))
        .build();
  }
}
