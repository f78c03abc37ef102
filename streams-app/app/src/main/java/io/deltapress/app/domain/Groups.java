package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Group;
import io.deltapress.app.domain.BatchState.Size;
import java.util.ArrayList;
import java.util.List;

/** Divides edits into groups that are computed together. */
final class Groups {
  /** A task is a record, and brokers take a megabyte. */
  private static final int MOST_CHARACTERS = 200_000;

  private Groups() {}

  /** As many from the front as one task may have; at least one. */
  static List<LedgerEdit> first(List<LedgerEdit> edits, EditRules rules) {
    int characters = 0;
    int count = 0;
    while (count < edits.size() && count < rules.largestBatch()) {
      characters += edits.get(count).request().characters();
      if (count > 0 && characters > MOST_CHARACTERS) {
        break;
      }
      count++;
    }
    return edits.subList(0, count);
  }

  /** All of them, in groups of as many as one task may have. */
  static List<Group> all(List<LedgerEdit> edits, EditRules rules) {
    List<Group> groups = new ArrayList<>();
    List<LedgerEdit> rest = edits;
    while (!rest.isEmpty()) {
      List<LedgerEdit> first = first(rest, rules);
      groups.add(whole(first));
      rest = rest.subList(first.size(), rest.size());
    }
    return groups;
  }

  static Group whole(List<LedgerEdit> edits) {
    return new Group(Size.WHOLE, orders(edits));
  }

  static List<Integer> orders(List<LedgerEdit> edits) {
    return edits.stream().map(LedgerEdit::order).toList();
  }
}
