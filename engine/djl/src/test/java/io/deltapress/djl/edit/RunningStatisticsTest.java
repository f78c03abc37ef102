package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.random.SplitMix64;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RunningStatisticsTest {

  @Test
  void shouldGiveMeanVarianceAndNormalisedRowsOfWelford() {
    // Given
    RunningStatistics statistics = new RunningStatistics(2);
    KeyValueRows rows = rows(1, 2, 3, 2, 5, 8);

    // When
    statistics.add(rows);

    // Then
    assertThat(statistics.state().get("mean")).containsExactly(3, 4);
    assertThat(statistics.state().get("squares")).containsExactly(8, 24);
    assertThat(statistics.deviation(0)).isEqualTo(2);
    assertThat(statistics.deviation(1)).isCloseTo(3.46410162, within(1e-8));
    assertThat(Arrays.copyOfRange(statistics.normalised(rows), 4, 6))
        .containsExactly(new double[] {.99999995, 1.15470051}, within(1e-8));
  }

  /** Batches merged by unbiased variances times sizes would give 2.828 and 4.761. */
  @Test
  void shouldGiveTheExactDeviationOverTwoBatches() {
    // Given
    RunningStatistics statistics = new RunningStatistics(2);

    // When
    statistics.add(rows(1, 2, 3, 2));
    statistics.add(rows(5, 8, 7, 0));

    // Then
    assertThat(statistics.state().get("mean")).containsExactly(4, 3);
    assertThat(statistics.deviation(0)).isCloseTo(2.58198890, within(1e-8));
    assertThat(statistics.deviation(1)).isCloseTo(3.46410162, within(1e-8));
  }

  /** A merge by unbiased variances gives NaN for a batch of one row. */
  @Test
  void shouldHaveTheSameBitsHoweverRowsAreCutIntoBatches() {
    // Given
    SplitMix64 random = new SplitMix64(1);
    double[] values = LeastSquaresTest.random(random, 2 * 30);
    RunningStatistics whole = new RunningStatistics(2);
    whole.add(rows(values));

    for (int size : new int[] {1, 3, 7}) {
      // When
      RunningStatistics cut = new RunningStatistics(2);
      for (int from = 0; from < values.length; from += 2 * size) {
        cut.add(rows(Arrays.copyOfRange(values, from, Math.min(from + 2 * size, values.length))));
      }

      // Then
      assertThat(cut.rows()).isEqualTo(30);
      whole
          .state()
          .forEach((part, expected) -> assertThat(cut.state().get(part)).containsExactly(expected));
    }
  }

  @Test
  void shouldGiveZeroForTheOnlyRow() {
    // Given
    RunningStatistics statistics = new RunningStatistics(2);
    KeyValueRows row = rows(3, -4);
    statistics.add(row);

    // When
    double[] normalised = statistics.normalised(row);

    // Then
    assertThat(normalised).containsExactly(0, 0);
  }

  /** Rows of one key and one value. */
  static KeyValueRows rows(double... values) {
    int rows = values.length / 2;
    float[] keys = new float[rows];
    float[] deltas = new float[rows];
    for (int row = 0; row < rows; row++) {
      keys[row] = (float) values[2 * row];
      deltas[row] = (float) values[2 * row + 1];
    }
    return new KeyValueRows(1, 1, new int[rows], new int[rows], keys, deltas);
  }
}
