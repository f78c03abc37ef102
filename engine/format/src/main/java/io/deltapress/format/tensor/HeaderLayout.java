package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.util.Comparator;

/** Whether the tensors of a file cover its bytes exactly: no overlap, no hole, nothing left. */
final class HeaderLayout {
  private HeaderLayout() {}

  /** Checks, and leaves the entries sorted by their place. */
  static void check(Header header) throws BadInputException {
    header
        .entries()
        .sort(Comparator.comparingLong(Header.Entry::begin).thenComparingLong(Header.Entry::end));
    long end = 0;
    String before = "";
    for (Header.Entry entry : header.entries()) {
      requireAdjacent(header, entry, before, end);
      end = entry.end();
      before = entry.info().name();
    }
    requireWhole(header, before, end);
  }

  private static void requireAdjacent(Header header, Header.Entry entry, String before, long end)
      throws BadInputException {
    if (entry.begin() < end) {
      throw bad(
          header,
          entry.info().name(),
          "begins at byte %d of the data, inside tensor %s which ends at %d; tensors may not overlap"
              .formatted(entry.begin(), BadInputException.quote(before), end));
    }
    if (entry.begin() > end) {
      throw bad(
          header,
          entry.info().name(),
          "begins at byte %d of the data, but the tensors before it end at %d; holes are not allowed"
              .formatted(entry.begin(), end));
    }
  }

  private static void requireWhole(Header header, String last, long end) throws BadInputException {
    long available = header.file().size() - header.dataBegin();
    if (end > available) {
      throw bad(
          header,
          last,
          "ends at byte %d of the data, but the file holds only %d; it is cut off, fetch it again"
              .formatted(end, available));
    }
    if (end < available) {
      throw BadInputException.of(
          header.file().path(),
          "%d bytes follow the last tensor; trailing bytes are not allowed"
              .formatted(available - end));
    }
  }

  private static BadInputException bad(Header header, String tensor, String rule) {
    return BadInputException.of(header.file().path(), tensor, rule);
  }
}
