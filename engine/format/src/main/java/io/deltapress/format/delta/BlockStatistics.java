package io.deltapress.format.delta;

/**
 * One pass over a block of deltas. Even and odd positions are summed apart, which hides the latency
 * of addition and fixes the order of summation.
 */
final class BlockStatistics {
  private BlockStatistics() {}

  static DeltaStatistics of(double[] deltas, int length) {
    double even = 0;
    double odd = 0;
    double evenAbsolute = 0;
    double oddAbsolute = 0;
    double evenSquares = 0;
    double oddSquares = 0;
    double largest = 0;
    int zeros = 0;
    for (int i = 0; i + 1 < length; i += 2) {
      double first = deltas[i];
      double second = deltas[i + 1];
      double firstAbsolute = Math.abs(first);
      double secondAbsolute = Math.abs(second);
      even += first;
      odd += second;
      evenAbsolute += firstAbsolute;
      oddAbsolute += secondAbsolute;
      evenSquares += first * first;
      oddSquares += second * second;
      largest = Math.max(largest, Math.max(firstAbsolute, secondAbsolute));
      zeros += (first == 0 ? 1 : 0) + (second == 0 ? 1 : 0);
    }
    if (length % 2 == 1) {
      double last = deltas[length - 1];
      even += last;
      evenAbsolute += Math.abs(last);
      evenSquares += last * last;
      largest = Math.max(largest, Math.abs(last));
      zeros += last == 0 ? 1 : 0;
    }
    double absolute = evenAbsolute + oddAbsolute;
    double squares = evenSquares + oddSquares;
    return Double.isFinite(squares) && Double.isFinite(absolute)
        ? moments(length, even + odd, absolute, squares, largest, zeros)
        : ofFinite(deltas, length);
  }

  private static DeltaStatistics moments(
      int count, double sum, double absolute, double squares, double largest, int zeros) {
    if (count == 0) {
      return DeltaStatistics.empty();
    }
    double mean = sum / count;
    double variance = Math.max(0, squares / count - mean * mean);
    return new DeltaStatistics(count, mean, absolute / count, variance, largest, zeros);
  }

  /** Welford's way: for blocks with NaN, infinities or magnitudes whose squares overflow. */
  private static DeltaStatistics ofFinite(double[] deltas, int length) {
    DeltaStatistics statistics = DeltaStatistics.empty();
    for (int i = 0; i < length; i++) {
      double delta = deltas[i];
      if (Double.isFinite(delta)) {
        double magnitude = Math.abs(delta);
        statistics =
            statistics.combine(
                new DeltaStatistics(1, delta, magnitude, 0, magnitude, delta == 0 ? 1 : 0));
      }
    }
    return statistics;
  }
}
