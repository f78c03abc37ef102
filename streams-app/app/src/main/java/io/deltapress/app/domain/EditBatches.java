package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Group;
import io.deltapress.app.domain.BatchState.Kind;
import io.deltapress.app.domain.EditEndings.Numbers;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes batches of new edits, and takes edits out of the one in work. */
final class EditBatches {
  private EditBatches() {}

  /**
   * Begins a batch, or ends edits that cannot be part of one.
   *
   * @param waiting the edits that may be in it, by order
   * @param hurry whether to take what is there, because something waits behind it
   * @return whether anything was decided
   */
  static boolean begin(
      ModelTurn turn, List<LedgerEdit> waiting, Optional<EditRules> rules, boolean hurry) {
    if (rules.isEmpty()) {
      waiting.forEach(edit -> refuse(turn, edit, EditIntake.notAllowed(edit.request())));
      return true;
    }
    List<LedgerEdit> taken = Groups.first(waiting, rules.get());
    boolean isFull = taken.size() < waiting.size() || taken.size() == rules.get().largestBatch();
    if (!hurry && !isFull && !rules.get().isOver(taken.get(0).acceptedAt(), turn.now())) {
      return false;
    }
    List<LedgerEdit> fitting = withoutContradictions(turn, onOneFoundation(turn, taken));
    if (!fitting.isEmpty()) {
      BatchState batch =
          BatchState.begun(
              Kind.EDITS,
              null,
              base(turn, fitting.get(0)),
              turn.model().headVersion(),
              rules.get(),
              turn.now());
      turn.become(batch.computing(List.of(Groups.whole(fitting))));
    }
    return true;
  }

  private static String base(ModelTurn turn, LedgerEdit edit) {
    return turn.head()
        .map(ModelVersion::getBaseDigest)
        .orElseGet(() -> String.valueOf(edit.request().baseDigest()));
  }

  private static void refuse(ModelTurn turn, LedgerEdit edit, Refusal refusal) {
    EditEndings.reject(turn, edit, refusal, Numbers.NONE);
  }

  /** Those that can be put on what the head is now; of a model without one, on the same base. */
  private static List<LedgerEdit> onOneFoundation(ModelTurn turn, List<LedgerEdit> taken) {
    List<LedgerEdit> fitting = new ArrayList<>();
    for (LedgerEdit edit : taken) {
      EditRequest request = edit.request();
      Optional<Refusal> refusal =
          EditIntake.conflict(turn, request)
              .or(() -> EditIntake.foundation(turn, request))
              .or(() -> baseless(turn, request));
      refusal.ifPresentOrElse(
          no -> refuse(turn, edit, no),
          () -> {
            boolean sameBase =
                fitting.isEmpty() || base(turn, fitting.get(0)).equals(base(turn, edit));
            if (sameBase) {
              fitting.add(edit);
            }
          });
    }
    return fitting;
  }

  /** An edit that waited for a version that never came. */
  private static Optional<Refusal> baseless(ModelTurn turn, EditRequest request) {
    return turn.model().headVersion() == 0 && request.baseDigest() == null
        ? Optional.of(
            new Refusal(
                ReasonCode.NO_VERSION,
                "%s has no version yet: submit a delta first, or name a base in baseDigest"
                    .formatted(request.modelKey())))
        : Optional.empty();
  }

  /** Of edits about one prompt the last is meant. */
  private static List<LedgerEdit> withoutContradictions(ModelTurn turn, List<LedgerEdit> edits) {
    Map<String, LedgerEdit> last = new LinkedHashMap<>();
    edits.forEach(edit -> last.put(edit.request().promptKey(), edit));
    List<LedgerEdit> meant = new ArrayList<>();
    for (LedgerEdit edit : edits) {
      LedgerEdit later = last.get(edit.request().promptKey());
      if (later.order() == edit.order()) {
        meant.add(edit);
      } else {
        refuse(
            turn,
            edit,
            new Refusal(
                ReasonCode.EDIT_REPLACED,
                "edit %s asks for another answer to the same prompt and came later: it is the one that"
                        .formatted(later.id())
                    + " counts"));
      }
    }
    return meant;
  }

  /** Takes edits out of the batch in work; what is left of it is computed anew. */
  static void without(ModelTurn turn, List<LedgerEdit> leaving) {
    BatchState batch = turn.state().batch();
    Set<Integer> gone = new HashSet<>(Groups.orders(leaving));
    if (batch == null
        || batch.kind() != Kind.EDITS
        || batch.groups().stream().noneMatch(group -> group.hasAny(gone))) {
      return;
    }
    List<Group> rest =
        batch.groups().stream()
            .map(group -> group.without(gone))
            .filter(group -> !group.orders().isEmpty())
            .toList();
    BatchState next = batch.computing(rest);
    turn.become(
        rest.isEmpty()
            ? null
            : batch.group().hasAny(gone) ? next.checking(List.of()).answered() : next);
  }
}
