package io.deltapress.app.domain;

import io.deltapress.app.domain.LedgerEdit.Standing;
import io.deltapress.schemas.EditEntry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the task of a batch asks for, which follows from the state it is in.
 *
 * @param live the list that is put on first, in order
 * @param standing edits of it to look after
 * @param edits to compute on top, in order
 * @param measures whether canaries are scored
 */
record RunAsk(
    List<EditEntry> live, List<LedgerEdit> standing, List<LedgerEdit> edits, boolean measures) {

  /** Requests are long and records are not: no task asks after more at once. */
  private static final int MOST_CHECKED = 64;

  static RunAsk of(ModelTurn turn) {
    BatchState batch = turn.batch();
    return switch (batch.stage()) {
      case COMPUTE -> {
        List<LedgerEdit> edits = turn.of(batch.group().orders());
        yield new RunAsk(list(turn, edits), List.of(), edits, true);
      }
      case CHECK ->
          new RunAsk(
              list(turn, List.of()),
              turn.of(firstUnchecked(batch)),
              List.of(),
              batch.judged() == null);
      case MEASURE ->
          new RunAsk(list(turn, turn.of(batch.unchecked())), List.of(), List.of(), true);
      case FOLD -> new RunAsk(list(turn, List.of()), List.of(), List.of(), true);
    };
  }

  private static List<Integer> firstUnchecked(BatchState batch) {
    return batch.unchecked().subList(0, Math.min(MOST_CHECKED, batch.unchecked().size()));
  }

  /** The list as it would be with these edits on top, without those that they take the place of. */
  private static List<EditEntry> list(ModelTurn turn, List<LedgerEdit> onTop) {
    boolean isRebuild = turn.batch().isRebuild();
    if (isRebuild) {
      return turn.rebuilt().stream()
          .map(LedgerEdit::candidateEntry)
          .flatMap(Optional::stream)
          .toList();
    }
    List<LedgerEdit> replaced = replaced(turn, onTop);
    return turn.live().stream()
        .filter(edit -> !replaced.contains(edit))
        .map(LedgerEdit::entry)
        .flatMap(Optional::stream)
        .toList();
  }

  /** What new edits take the place of: whatever is in effect and about the same prompts. */
  static List<LedgerEdit> replaced(ModelTurn turn, List<LedgerEdit> newer) {
    Set<String> prompts =
        newer.stream().map(edit -> edit.request().promptKey()).collect(Collectors.toSet());
    return turn.inEffect().stream()
        .filter(edit -> prompts.contains(edit.request().promptKey()))
        .toList();
  }

  /** Whether leaving it out changes what is served. */
  static boolean isInList(LedgerEdit edit) {
    return edit.is(Standing.LIVE) && edit.artifact() != null;
  }

  static List<String> ids(List<LedgerEdit> edits) {
    return edits.stream().map(LedgerEdit::id).toList();
  }
}
