package io.deltapress.format.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepProbabilityTest {

  @ParameterizedTest
  @CsvSource({
    "0, 4294967296",
    "0.5, 2147483648",
    "0.8, 858993459",
    "0.9, 429496730",
    "0.95, 214748365",
    "0.99, 42949673",
    "0.999, 4294967",
    "1, 0"
  })
  void shouldRoundToNearestWhenPruneRateIsGiven(double pruneRate, long k) {
    // When
    KeepProbability keep = KeepProbability.ofPruneRate(pruneRate);
    // Then
    assertThat(keep.k()).isEqualTo(k);
  }

  /** Grids of {@code int((1 - p) * 1000)} begin at .099 for p = .9 and at .199 for p = .8. */
  @ParameterizedTest
  @ValueSource(strings = {"0.8", "0.9", "0.95", "0.99", "0.995", "0.999"})
  void shouldNotFloorWhenBinary64MissesTheDecimal(String pruneRate) {
    // Given: 1 - p without any rounding
    BigDecimal exact =
        BigDecimal.ONE.subtract(new BigDecimal(pruneRate)).multiply(BigDecimal.valueOf(1L << 32));
    // When
    KeepProbability keep = KeepProbability.ofPruneRate(Double.parseDouble(pruneRate));
    // Then
    assertThat(keep.k()).isEqualTo(exact.setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.001, 1.001, Double.NaN, Double.POSITIVE_INFINITY})
  void shouldRefusePruneRateWhenOutOfRange(double pruneRate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeepProbability.ofPruneRate(pruneRate))
        .withMessage("prune rate " + pruneRate + " is not between 0 and 1");
  }

  @Test
  void shouldRefuseKWhenAboveTwoToThe32() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeepProbability((1L << 32) + 1))
        .withMessage("keep probability k = 4294967297 is not in 0..2^32");
  }

  @Test
  void shouldExpectExactShareWhenTensorIsHuge() {
    // Given
    KeepProbability half = new KeepProbability(1L << 31);
    // When
    long expected = half.expectedCount(1L << 47);
    // Then
    assertThat(expected).isEqualTo(1L << 46);
  }

  @Test
  void shouldGiveBackPruneRateWhenItIsDyadic() {
    // Given
    KeepProbability keep = KeepProbability.ofPruneRate(0.875);
    // When
    double pruneRate = keep.pruneRate();
    // Then
    assertThat(pruneRate).isEqualTo(0.875);
  }
}
