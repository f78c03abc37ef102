package io.deltapress.format.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaStatisticsTest {

  @Test
  void shouldGiveMomentsByHandWhenDeltasAreFew() {
    // Given
    double[] deltas = {1, -2, 0, 4, 2};
    // When
    DeltaStatistics statistics = DeltaStatistics.of(deltas, 5);
    // Then: mean 1, mean magnitude 9/5, mean square 25/5
    assertThat(statistics).isEqualTo(new DeltaStatistics(5, 1, 1.8, 4, 4, 1));
    assertThat(statistics.unchangedFraction()).isEqualTo(0.2);
  }

  @Test
  void shouldPassOverWhatIsNotFiniteWhenBlockHasSome() {
    // Given
    double[] deltas = {1, Double.NaN, -2, Double.POSITIVE_INFINITY, 0, 4, 2};
    // When
    DeltaStatistics statistics = DeltaStatistics.of(deltas, 7);
    // Then
    assertThat(statistics.count()).isEqualTo(5);
    assertThat(statistics.mean()).isCloseTo(1, within(1e-15));
    assertThat(statistics.meanAbsolute()).isCloseTo(1.8, within(1e-15));
    assertThat(statistics.variance()).isCloseTo(4, within(1e-14));
    assertThat(statistics.maxAbsolute()).isEqualTo(4);
    assertThat(statistics.unchanged()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 999, 1000})
  void shouldGiveStatisticsOfTheWholeWhenPartsAreCombined(int split) {
    // Given
    SplittableRandom random = new SplittableRandom(1);
    double[] deltas = random.doubles(1000, -0.5, 1).toArray();
    double[] rest = Arrays.copyOfRange(deltas, split, 1000);
    DeltaStatistics whole = DeltaStatistics.of(deltas, 1000);
    // When
    DeltaStatistics combined =
        DeltaStatistics.of(deltas, split).combine(DeltaStatistics.of(rest, rest.length));
    // Then
    assertThat(combined.count()).isEqualTo(1000);
    assertThat(combined.mean()).isCloseTo(whole.mean(), within(1e-14));
    assertThat(combined.meanAbsolute()).isCloseTo(whole.meanAbsolute(), within(1e-14));
    assertThat(combined.variance()).isCloseTo(whole.variance(), within(1e-14));
    assertThat(combined.maxAbsolute()).isEqualTo(whole.maxAbsolute());
  }

  @Test
  void shouldBeEmptyWhenThereAreNoDeltas() {
    // When
    DeltaStatistics statistics = DeltaStatistics.of(new double[0], 0);
    // Then
    assertThat(statistics).isEqualTo(DeltaStatistics.empty());
    assertThat(statistics.unchangedFraction()).isZero();
  }
}
