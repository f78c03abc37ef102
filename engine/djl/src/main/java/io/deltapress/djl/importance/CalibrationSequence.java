package io.deltapress.djl.importance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text to calibrate on, as the model sees it.
 *
 * @param tokens ids, at least one
 * @param segments segment of each
 * @param firstMeasured index of the first token whose prediction of the next one matters; all
 *     before are context. Equal to the number of tokens when the sequence is context only
 */
record CalibrationSequence(long[] tokens, long[] segments, int firstMeasured) {

  /** A sequence of one segment. */
  CalibrationSequence(long[] tokens, int firstMeasured) {
    this(tokens, new long[tokens.length], firstMeasured);
  }

  /** Cuts into windows of so many tokens at most. */
  List<CalibrationSequence> windows(int most) {
    List<CalibrationSequence> windows = new ArrayList<>();
    for (int from = 0; from < tokens.length; from += most) {
      int to = Math.min(from + most, tokens.length);
      int measured = Math.min(Math.max(firstMeasured - from, 0), to - from);
      windows.add(
          new CalibrationSequence(
              Arrays.copyOfRange(tokens, from, to),
              Arrays.copyOfRange(segments, from, to),
              measured));
    }
    return windows;
  }
}
