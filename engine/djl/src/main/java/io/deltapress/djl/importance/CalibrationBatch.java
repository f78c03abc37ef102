package io.deltapress.djl.importance;

import io.deltapress.djl.model.TokenBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Calibration text side by side.
 *
 * @param inputs what the model sees
 * @param realTokens row-major indices of the tokens that do not fill up
 * @param measuredTokens row-major indices of the tokens whose predictions matter
 */
public record CalibrationBatch(TokenBatch inputs, long[] realTokens, long[] measuredTokens) {

  /** Bounds the logits of a batch: at 150,000 ids and 4 bytes, 1.2 GB. */
  static final int MOST_TOKENS = 2048;

  /** Fills batches in order of length, so that little is filled up. */
  static List<CalibrationBatch> allOf(List<CalibrationSequence> sequences, int mostSequences) {
    List<CalibrationSequence> sorted = new ArrayList<>(sequences);
    sorted.sort(Comparator.comparingInt(sequence -> sequence.tokens().length));
    List<CalibrationBatch> batches = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= sorted.size(); to++) {
      boolean full =
          to - from == mostSequences
              || to < sorted.size()
                  && (to - from + 1) * sorted.get(to).tokens().length > MOST_TOKENS;
      if (full || to == sorted.size()) {
        batches.add(of(sorted.subList(from, to)));
        from = to;
      }
    }
    return batches;
  }

  static CalibrationBatch of(List<CalibrationSequence> sequences) {
    TokenBatch inputs =
        TokenBatch.of(
            sequences.stream().map(CalibrationSequence::tokens).toList(),
            sequences.stream().map(CalibrationSequence::segments).toList());
    int length = inputs.length();
    long[] real =
        IntStream.range(0, inputs.size())
            .boxed()
            .flatMapToLong(row -> row(row, length, 0, inputs.length(row)))
            .toArray();
    long[] measured =
        IntStream.range(0, inputs.size())
            .boxed()
            .flatMapToLong(
                row -> row(row, length, sequences.get(row).firstMeasured(), inputs.length(row)))
            .toArray();
    return new CalibrationBatch(inputs, real, measured);
  }

  private static LongStream row(int row, int length, int from, int to) {
    return LongStream.range((long) row * length + from, (long) row * length + to);
  }
}
