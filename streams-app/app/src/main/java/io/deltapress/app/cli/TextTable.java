package io.deltapress.app.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in columns: as wide as their widest cell, two blanks apart. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /** A table without a heading, for {@code label value} lines. */
  TextTable() {}

  /** A table whose first row is a heading. */
  TextTable(String... heading) {
    row((Object[]) heading);
  }

  /** Adds a row; cells are shown by their {@code toString}. */
  TextTable row(Object... cells) {
    rows.add(Arrays.stream(cells).map(String::valueOf).toList());
    return this;
  }

  /** All rows, each ended by a line break. */
  String text() {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(column == 0 ? "" : GAP).append(cell);
        line.append(" ".repeat(widths[column] - cell.length()));
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private int[] widths() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return widths;
  }
}
