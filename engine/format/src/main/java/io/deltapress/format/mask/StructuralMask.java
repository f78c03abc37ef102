package io.deltapress.format.mask;

/** Goes through the mask of a matrix, of which some rows and some columns are kept. */
final class StructuralMask implements MaskCursor {
  private final KeptIndices rows;
  private final KeptIndices columns;
  private long element;

  StructuralMask(KeptIndices rows, KeptIndices columns) {
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public int next(int length, char[] into) {
    long width = columns.count();
    long end = element + length;
    long lastRow = (end - 1) / width;
    int kept = 0;
    long row = rows.next(element / width, lastRow + 1);
    while (row <= lastRow) {
      long begin = row * width;
      long until = Math.min(width, end - begin);
      long column = columns.next(Math.max(0, element - begin), until);
      while (column < until) {
        into[kept++] = (char) (begin + column - element);
        column = columns.next(column + 1, until);
      }
      row = rows.next(row + 1, lastRow + 1);
    }
    element = end;
    return kept;
  }

  @Override
  public void finish() {
    // A seed draws masks of any length.
  }
}
