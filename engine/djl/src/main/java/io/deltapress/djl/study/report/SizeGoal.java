package io.deltapress.djl.study.report;

import io.deltapress.djl.study.SizeRow;
import io.deltapress.format.artifact.ValueCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks how small artifacts are that keep the score: our own goal, no claim of the paper. */
final class SizeGoal {

  private static final double INT8 = 200;
  private static final double INT4 = 400;

  private SizeGoal() {}

  static Claim check(List<SizeRow> rows) {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.add(row.key().fineTune()));
    List<String> evidence = new ArrayList<>();
    int shown = 0;
    for (String name : names) {
      Optional<SizeRow> int8 = smallest(rows, name, ValueCode.INT8);
      Optional<SizeRow> int4 = smallest(rows, name, ValueCode.INT4);
      shown += reaches(int8, INT8) && reaches(int4, INT4) ? 1 : 0;
      evidence.add("%s: int8 %s, int4 %s".formatted(name, words(int8), words(int4)));
    }
    return new Claim(
        "Files 200 times smaller with int8 and 400 times with int4, within a point (our own goal)",
        "for every fine-tune that was sized, one technique reaches each ratio with the whole file,"
            + " header included, and its test score drops by a point at most",
        Claim.Verdict.of(shown, names.size()),
        evidence);
  }

  private static Optional<SizeRow> smallest(List<SizeRow> rows, String name, ValueCode values) {
    return rows.stream()
        .filter(row -> row.key().fineTune().equals(name) && row.key().values() == values)
        .filter(SizeRow::holdsOnTest)
        .max(Comparator.comparingDouble(SizeRow::ratio));
  }

  private static boolean reaches(Optional<SizeRow> row, double ratio) {
    return row.isPresent() && row.get().ratio() >= ratio;
  }

  private static String words(Optional<SizeRow> row) {
    return row.map(
            found ->
                "%s (%s without header; %s, p = %s)"
                    .formatted(
                        Numbers.ratio(found.ratio()),
                        Numbers.ratio(found.ratioWithoutHeader()),
                        found.key().technique().label(),
                        Numbers.rate(found.pruneRate())))
        .orElse("none on the ladder");
  }
}
