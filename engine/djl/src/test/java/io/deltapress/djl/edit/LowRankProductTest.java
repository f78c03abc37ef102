package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.random.SplitMix64;
import io.deltapress.format.edit.LowRankShift;
import org.junit.jupiter.api.Test;

class LowRankProductTest {

  private static final int INPUTS = 9;
  private static final int OUTPUTS = 6;

  @Test
  void shouldStandForTheSumOfOuterProducts() {
    // Given
    SplitMix64 random = new SplitMix64(2);
    double[] a = LeastSquaresTest.random(random, 4 * INPUTS);
    double[] b = LeastSquaresTest.random(random, 4 * OUTPUTS);

    // When
    LowRankProduct product = LowRankProduct.of(a, INPUTS, b, OUTPUTS);
    LowRankShift shift = product.shift("w", 0).orElseThrow();

    // Then
    double[] expected = sum(a, b);
    assertThat(shift.rank()).isEqualTo(4);
    assertThat(sum(shift)).containsExactly(expected, within(1e-5));
    assertThat(product.norm()).isCloseTo(norm(expected), within(1e-12));
  }

  @Test
  void shouldFindTheRankOfRowsThatDependOnEachOther() {
    // Given: five rows that are multiples of two
    SplitMix64 random = new SplitMix64(3);
    double[] two = LeastSquaresTest.random(random, 2 * INPUTS);
    double[] a = new double[5 * INPUTS];
    for (int row = 0; row < 5; row++) {
      for (int i = 0; i < INPUTS; i++) {
        a[row * INPUTS + i] = (row + 1) * two[i] - row * two[INPUTS + i];
      }
    }
    double[] b = LeastSquaresTest.random(random, 5 * OUTPUTS);

    // When
    LowRankShift shift = LowRankProduct.of(a, INPUTS, b, OUTPUTS).shift("w", 1e-9).orElseThrow();

    // Then
    assertThat(shift.rank()).isEqualTo(2);
    assertThat(sum(shift)).containsExactly(sum(a, b), within(1e-4));
  }

  @Test
  void shouldErrByNoMoreThanTheToleranceWhenRankIsDropped() {
    // Given: outer products that fade
    SplitMix64 random = new SplitMix64(4);
    double[] a = LeastSquaresTest.random(random, 5 * INPUTS);
    double[] b = LeastSquaresTest.random(random, 5 * OUTPUTS);
    for (int i = 0; i < b.length; i++) {
      b[i] *= StrictMath.pow(.1, i / OUTPUTS);
    }

    // When
    LowRankShift shift = LowRankProduct.of(a, INPUTS, b, OUTPUTS).shift("w", .02).orElseThrow();

    // Then
    double[] expected = sum(a, b);
    double[] given = sum(shift);
    double[] error = new double[given.length];
    for (int i = 0; i < error.length; i++) {
      error[i] = given[i] - expected[i];
    }
    assertThat(shift.rank()).isBetween(2, 3);
    assertThat(norm(error)).isLessThanOrEqualTo(.02 * norm(expected)).isPositive();
  }

  @Test
  void shouldBeNothingWhenOuterProductsCancel() {
    // Given
    double[] a = {1, 2, 3, 1, 2, 3};
    double[] b = {1, -1, -1, 1};

    // When
    LowRankProduct product = LowRankProduct.of(a, 3, b, 2);

    // Then
    assertThat(product.norm()).isCloseTo(0, within(1e-15));
    assertThat(LowRankProduct.of(new double[0], 3, new double[0], 2).shift("w", 0)).isEmpty();
    assertThat(LowRankProduct.of(new double[3], 3, b.clone(), 4).shift("w", 0)).isEmpty();
  }

  private static double[] sum(double[] a, double[] b) {
    return LeastSquaresTest.shift(b, a, OUTPUTS, INPUTS);
  }

  private static double[] sum(LowRankShift shift) {
    double[] sum = new double[OUTPUTS * INPUTS];
    for (int o = 0; o < OUTPUTS; o++) {
      for (int r = 0; r < shift.rank(); r++) {
        for (int i = 0; i < INPUTS; i++) {
          double factor = shift.b()[o * shift.rank() + r];
          sum[o * INPUTS + i] += factor * shift.a()[r * INPUTS + i];
        }
      }
    }
    return sum;
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return StrictMath.sqrt(sum);
  }
}
