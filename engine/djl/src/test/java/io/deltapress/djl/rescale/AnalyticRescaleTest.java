package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.random.SplitMix64;
import io.deltapress.djl.rescale.AnalyticRescale.Sides;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyticRescaleTest {

  /** Half a step of the grid at p = .9. */
  private static final Offset<Double> GRID = within(.0005);

  private static final List<Influence> ROWS =
      List.of(
          Influence.of(.5, .2, -.1, .4),
          Influence.of(.3, .3, .3, -.6),
          Influence.of(-.5, -.2, .1, -.4),
          Influence.of(.05, .02, .01, .02));

  @Test
  void shouldKnowTheSumsOfTheExample() {
    // Then
    assertThat(ROWS.stream().map(Influence::sum).toList())
        .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1, Double.class)
        .containsExactly(1.0, .3, -1.0, .1);
    assertThat(ROWS.stream().map(Influence::squares).toList())
        .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1, Double.class)
        .containsExactly(.46, .63, .46, .0034);
  }

  /** The published code's float16 gives .181, .182, .182, .102 for the second line. */
  @ParameterizedTest
  @CsvSource({
    "ONE, 0.1, 0.1, 0.382, 0.998, 0.1",
    "ONE, 0.37, 0.310, 0.998, 0.998, 0.1",
    "ONE, 1, 0.837, 0.998, 0.998, 0.1",
    "TWO, 0.37, 0.310, 0.998, 0.310, 0.1"
  })
  void shouldChooseAFactorPerRow(
      Sides sides, double eta, double first, double second, double third, double fourth) {
    // Given
    AnalyticRescale analytic = new AnalyticRescale(.9, eta, sides);

    // When
    List<Double> factors = ROWS.stream().map(analytic::row).toList();

    // Then
    assertThat(factors.get(0)).isCloseTo(first, GRID);
    assertThat(factors.get(1)).isCloseTo(second, GRID);
    assertThat(factors.get(2)).isCloseTo(third, GRID);
    assertThat(factors.get(3)).isCloseTo(fourth, GRID);
  }

  @Test
  void shouldGiveALayerTheMeanOfItsRows() {
    // When
    double layer = new AnalyticRescale(.9, .37, Sides.ONE).layer(ROWS);

    // Then: .60125 on the published grid, whose first point is .099 for lack of rounding
    assertThat(layer).isCloseTo((.310 + .998 + .998 + .1) / 4, within(1e-9));
  }

  @Test
  void shouldMeetTheClosedFormWhereTheSumIsPositive() {
    // Given: eta Phi Q / (2 (1-p) S)
    double closed = .37 * RandomDrop.phi(.9) * .46 / (2 * .1 * 1);

    // When
    double factor = new AnalyticRescale(.9, .37, Sides.ONE).row(ROWS.get(0));

    // Then
    assertThat(closed).isCloseTo(.3098, within(5e-5));
    assertThat(factor).isCloseTo(closed, GRID);
  }

  @ParameterizedTest
  @ValueSource(doubles = {.8, .9, .95, .99, .999})
  void shouldFindWhatAScanOfTheWholeGridFinds(double pruneRate) {
    // Given: rows of every size and sign, so that J has its least value inside, at roots and ends
    SplitMix64 random = new SplitMix64(11);
    for (double eta : new double[] {.05, .37, 1.3, 20}) {
      for (Sides sides : Sides.values()) {
        AnalyticRescale analytic = new AnalyticRescale(pruneRate, eta, sides);
        for (int i = 0; i < 20; i++) {
          double sum = random.nextGaussian() * StrictMath.pow(10, i % 5 - 2);
          Influence row = new Influence(sum, Math.abs(sum) * StrictMath.pow(10, i % 7 - 4) + 1e-9);

          // When
          double factor = analytic.row(row);

          // Then
          assertThat(factor).as("%s", row).isEqualTo(scan(analytic, row, pruneRate));
        }
      }
    }
  }

  private static double scan(AnalyticRescale analytic, Influence row, double pruneRate) {
    double keepRate = RandomDrop.keepRate(pruneRate);
    double best = keepRate;
    for (int k = 0; keepRate * (1 + k / 100.0) <= .998 + 1e-9; k++) {
      double factor = keepRate * (1 + k / 100.0);
      if (analytic.objective(row, factor) <= analytic.objective(row, best)) {
        best = factor;
      }
    }
    return best;
  }

  /** The published grid starts at int((1-p)*1000) thousandths: .099 and .199, below 1 - p. */
  @ParameterizedTest
  @ValueSource(doubles = {.5, .8, .9, .95, .99, .999})
  void shouldNeverGoBelowTheKeepRate(double pruneRate) {
    // Given: almost no noise, so that no shrinkage pays
    Influence clean = new Influence(1, 1e-9);

    // When
    double factor = new AnalyticRescale(pruneRate, .1, Sides.TWO).row(clean);

    // Then
    assertThat(factor).isEqualTo(RandomDrop.keepRate(pruneRate));
  }

  /** Where the published grid has the points .001 and .002 only. */
  @Test
  void shouldResolveFactorsThatAreCloseToASmallKeepRate() {
    // Given
    double wanted = .00137;
    double squares = wanted * 2 * .001 / (.3 * RandomDrop.phi(.999));

    // When
    double factor = new AnalyticRescale(.999, .3, Sides.TWO).row(new Influence(1, squares));

    // Then
    assertThat(factor).isCloseTo(wanted, within(.000_005));
  }

  @Test
  void shouldTreatARowAndItsNegativeAlikeWhenTwoSided() {
    // Given
    AnalyticRescale two = new AnalyticRescale(.9, .37, Sides.TWO);
    AnalyticRescale one = new AnalyticRescale(.9, .37, Sides.ONE);

    // Then
    assertThat(two.row(ROWS.get(2))).isEqualTo(two.row(ROWS.get(0)));
    assertThat(one.row(ROWS.get(2))).isGreaterThan(one.row(ROWS.get(0)));
  }

  /** In binary16 both squares are 0 and both sums of J round to 3.689. */
  @Test
  void shouldTellSmallInfluencesApart() {
    // Given: coefficients of 2e-4 and 1e-4
    AnalyticRescale analytic = new AnalyticRescale(.9, .37, Sides.TWO);

    // When
    double noisy = analytic.row(new Influence(2e-9, 4 * 4e-9));
    double quiet = analytic.row(new Influence(8e-4, 4 * 4e-8));

    // Then
    assertThat(noisy).isGreaterThan(.9);
    assertThat(quiet).isEqualTo(.1);
  }

  @Test
  void shouldNotLetAFewOutliersDecide() {
    // Given: nine rows at 1 - p and one that would go to the end of the grid
    List<Influence> rows = new ArrayList<>();
    IntStream.range(0, 9).forEach(i -> rows.add(new Influence(1, 1e-9)));
    rows.add(new Influence(1e-9, 1));

    // When
    double layer = new AnalyticRescale(.9, .37, Sides.TWO).layer(rows);

    // Then: the last row stops one step after the others passed their best
    assertThat(layer).isCloseTo((9 * .1 + .101) / 10, within(1e-12));
  }

  @Test
  void shouldLeaveRowsWithoutDeltaOut() {
    // Given
    AnalyticRescale analytic = new AnalyticRescale(.9, .37, Sides.TWO);
    Influence none = new Influence(0, 0);

    // Then
    assertThat(analytic.layer(List.of(ROWS.get(0), none))).isEqualTo(analytic.row(ROWS.get(0)));
    assertThat(analytic.layer(List.of(none))).isEqualTo(.1);
  }

  @Test
  void shouldFindTheLeastSquaresFactorsOfTheExample() {
    // When
    double pooled =
        RandomDrop.leastSquares(
            .9,
            ROWS.stream().mapToDouble(row -> row.sum() * row.sum()).sum(),
            ROWS.stream().mapToDouble(Influence::squares).sum());

    // Then
    assertThat(pooled).isCloseTo(.765743, within(5e-7));
    assertThat(leastSquares(ROWS.get(0))).isCloseTo(.514, within(5e-4));
    assertThat(leastSquares(ROWS.get(1))).isCloseTo(6.4, within(5e-4));
    assertThat(leastSquares(ROWS.get(3))).isCloseTo(.406, within(5e-4));
  }

  private static double leastSquares(Influence row) {
    return RandomDrop.leastSquares(.9, row.sum() * row.sum(), row.squares());
  }
}
