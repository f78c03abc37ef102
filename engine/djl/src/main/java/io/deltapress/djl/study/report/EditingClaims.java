package io.deltapress.djl.study.report;

import io.deltapress.djl.study.editing.EditingMethod;
import io.deltapress.djl.study.editing.EditingRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Checks what editing that lasts is about. */
final class EditingClaims {

  /** Edits after which MEND is looked at. */
  private static final int SOON = 100;

  private EditingClaims() {}

  static List<Claim> check(EditingFigures figures) {
    return List.of(lasting(figures), collapse(figures), best(figures));
  }

  private static Claim lasting(EditingFigures figures) {
    int length = figures.length();
    List<String> evidence = new ArrayList<>();
    for (EditingFigures.Held held : figures.held()) {
      if (figures.holds(held.method(), held.batch(), length)) {
        evidence.add(line(figures, held, length));
      }
    }
    return new Claim(
        String.format(Locale.ROOT, "Some method lasts for %,d edits", length),
        String.format(
            Locale.ROOT,
            "a method has success of at least %.2f and locality of at least %.2f there",
            EditingFigures.SUCCESS,
            EditingFigures.LOCALITY),
        Claim.Verdict.of(evidence.isEmpty() ? 0 : 1, figures.rows().isEmpty() ? 0 : 1),
        evidence);
  }

  private static String line(EditingFigures figures, EditingFigures.Held held, int edits) {
    return String.format(
        Locale.ROOT,
        "%s, %s: success %s, rephrase %s, locality %s",
        held.method().wireName(),
        EditingMarkdown.batch(held.batch()),
        figure(figures, held, edits, EditingRow.Point::success),
        figure(figures, held, edits, EditingRow.Point::rephrase),
        figure(figures, held, edits, EditingRow.Point::locality));
  }

  private static String figure(
      EditingFigures figures,
      EditingFigures.Held held,
      int edits,
      ToDoubleFunction<EditingRow.Point> figure) {
    return figures
        .mean(held.method(), held.batch(), edits, figure)
        .map(Numbers::score)
        .orElse("not measured");
  }

  private static Claim collapse(EditingFigures figures) {
    List<EditingFigures.Held> mend =
        figures.held().stream()
            .filter(held -> held.method() == EditingMethod.MEND && held.batch() == 1)
            .toList();
    long shown = mend.stream().filter(held -> held.edits() < SOON).count();
    return new Claim(
        "MEND, made for single edits, does not last",
        String.format(Locale.ROOT, "one by one, it does not hold as above up to %,d edits", SOON),
        Claim.Verdict.of(shown, mend.size()),
        mend.stream()
            .map(held -> String.format(Locale.ROOT, "held up to %,d edits", held.edits()))
            .toList());
  }

  private static Claim best(EditingFigures figures) {
    List<EditingFigures.Held> single =
        figures.held().stream().filter(held -> held.batch() == 1).toList();
    int longest = single.stream().mapToInt(EditingFigures.Held::edits).max().orElse(0);
    List<EditingFigures.Held> best =
        single.stream()
            .filter(held -> held.edits() == longest)
            .sorted(Comparator.comparing(EditingFigures.Held::method))
            .toList();
    boolean whitened =
        best.size() == 1 && best.get(0).method() == EditingMethod.WHITENED && longest > 0;
    return new Claim(
        "Whitened descent is the method to edit with unless a policy says otherwise",
        "one by one, it holds longer than every other method",
        Claim.Verdict.of(whitened ? 1 : 0, single.isEmpty() ? 0 : 1),
        single.stream()
            .map(
                held ->
                    String.format(
                        Locale.ROOT,
                        "%s held up to %,d edits",
                        held.method().wireName(),
                        held.edits()))
            .toList());
  }
}
