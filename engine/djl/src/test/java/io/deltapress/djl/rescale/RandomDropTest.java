package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomDropTest {

  private static final Offset<Double> EXACT = within(1e-12);
  private static final double[] COEFFICIENTS = {.4, -.1, .3};
  private static final Influence INFLUENCE = Influence.of(COEFFICIENTS);

  @ParameterizedTest
  @CsvSource({
    "0.9, 0.1, 0, 2.34, 2.34",
    "0.9, 0.25, 0.36, 0.3744, 0.504",
    "0.9, 0.3, 0.4, 0.26, 0.42",
    "0.5, 0.8, 0.225, 0.1015625, 0.1521875"
  })
  void shouldGiveTheMomentsOverAllMasks(
      double pruneRate, double rescale, double mean, double variance, double meanSquare) {
    // Given
    RandomDrop drop = new RandomDrop(pruneRate, rescale);
    double[] enumerated = enumerate(pruneRate, rescale);

    // When
    double gotMean = drop.mean(INFLUENCE);
    double gotVariance = drop.variance(INFLUENCE);
    double gotMeanSquare = drop.meanSquare(INFLUENCE);

    // Then
    assertThat(gotMean).isCloseTo(mean, EXACT).isCloseTo(enumerated[0], EXACT);
    assertThat(gotVariance).isCloseTo(variance, EXACT);
    assertThat(gotMeanSquare).isCloseTo(meanSquare, EXACT).isCloseTo(enumerated[1], EXACT);
  }

  /** Mean of h and of h^2 over the 8 masks, each as likely as it is. */
  private static double[] enumerate(double pruneRate, double rescale) {
    double[] moments = new double[2];
    for (int mask = 0; mask < 1 << COEFFICIENTS.length; mask++) {
      double likelihood = 1;
      double error = 0;
      for (int j = 0; j < COEFFICIENTS.length; j++) {
        int kept = mask >> j & 1;
        likelihood *= kept == 1 ? 1 - pruneRate : pruneRate;
        error += COEFFICIENTS[j] * (1 - kept / rescale);
      }
      moments[0] += likelihood * error;
      moments[1] += likelihood * error * error;
    }
    return moments;
  }

  @Test
  void shouldFindTheFactorOfTheSmallestMeanSquare() {
    // When
    double best = RandomDrop.leastSquares(.9, .6 * .6, .26);

    // Then
    assertThat(best).isCloseTo(.75, EXACT);
    double smallest = new RandomDrop(.9, best).meanSquare(INFLUENCE);
    assertThat(smallest).isCloseTo(.312, EXACT);
    assertThat(new RandomDrop(.9, best * 1.01).meanSquare(INFLUENCE)).isGreaterThan(smallest);
    assertThat(new RandomDrop(.9, best / 1.01).meanSquare(INFLUENCE)).isGreaterThan(smallest);
  }

  @Test
  void shouldBeUnbiasedWhenPlainDare() {
    // When
    RandomDrop dare = RandomDrop.dare(.99);

    // Then
    assertThat(dare.mean(INFLUENCE)).isZero();
    assertThat(dare.variance(INFLUENCE)).isCloseTo(.99 / .01 * .26, EXACT);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.36409569",
    "0.9, 0.36409569",
    "0.5, 0.5",
    "0.75, 0.45511961",
    "0.95, 0.30566094",
    "0.99, 0.21326974",
    "0.999, 0.14449623",
    "0, 0",
    "1, 0"
  })
  void shouldGivePhi(double pruneRate, double phi) {
    // When
    double got = RandomDrop.phi(pruneRate);

    // Then
    assertThat(got).isCloseTo(phi, within(5e-9));
  }

  @Test
  void shouldGivePhiWithoutAJumpWhereTheSeriesTakesOver() {
    // Given: on either side of the change, a distance over which Phi moves by 1e-17
    double inside = .5 + .99999e-4 / 2;
    double outside = .5 + 1.00001e-4 / 2;

    // When
    double jump = RandomDrop.phi(inside) - RandomDrop.phi(outside);

    // Then
    assertThat(jump).isCloseTo(0, within(1e-11));
  }

  @ParameterizedTest
  @ValueSource(doubles = {.1, .5, .75, .95, .99, .999})
  void shouldBoundTheMomentGeneratingFunctionOfABernoulliVariable(double p) {
    // Given
    double phi = RandomDrop.phi(p);

    for (double t = -20; t <= 20; t += .25) {
      // When
      double exact = Math.log((1 - p) * Math.exp(-t * p) + p * Math.exp(t * (1 - p)));

      // Then
      assertThat(exact).as("t = %s", t).isLessThanOrEqualTo(phi * t * t / 4 + 1e-12);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {.1, .75, .95, .99, .999})
  void shouldTouchTheMomentGeneratingFunctionWhereKearnsAndSaulSay(double p) {
    // Given
    double t = 2 * Math.log((1 - p) / p);

    // When
    double exact = Math.log((1 - p) * Math.exp(-t * p) + p * Math.exp(t * (1 - p)));

    // Then
    assertThat(RandomDrop.phi(p) * t * t / 4).isCloseTo(exact, within(1e-9));
  }

  @Test
  void shouldBoundTheErrorOfDareAsInEquation8() {
    // Given
    Influence influence = Influence.of(.02, -.01, .03, .04);

    // When
    double bound = RandomDrop.dareBound(.99, influence, .05);

    // Then: Q = .003 = n (mean^2 + variance) of the four coefficients
    assertThat(influence.squares()).isCloseTo(4 * (.02 * .02 + .00035), EXACT);
    assertThat(bound).isCloseTo(4.858167, within(5e-7));
  }

  @Test
  void shouldRoundTheNoiseOfTheSubtractionAway() {
    // Then
    assertThat(1 - .99).isNotEqualTo(.01);
    assertThat(RandomDrop.keepRate(.99)).isEqualTo(.01);
    assertThat(RandomDrop.keepRate(.9)).isEqualTo(.1);
    assertThat(RandomDrop.keepRate(.999)).isEqualTo(.001);
  }

  @Test
  void shouldRefuseAFactorThatDividesByNothing() {
    // When
    assertThatThrownBy(() -> new RandomDrop(.9, 0))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rescale factor 0.0 is not positive");
  }
}
