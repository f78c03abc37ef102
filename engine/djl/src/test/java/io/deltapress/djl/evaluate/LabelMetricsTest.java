package io.deltapress.djl.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Against scikit-learn's accuracy_score, f1_score and matthews_corrcoef, and SciPy's pearsonr. */
class LabelMetricsTest {

  private static final double[] GIVEN = {1, 0, 1, 1, 0, 0, 1, 0, 1, 1};
  private static final double[] RIGHT = {1, 0, 0, 1, 0, 1, 1, 0, 0, 1};

  @ParameterizedTest
  @CsvSource({
    "ACCURACY, 0.7",
    "F1, 0.7272727272727273",
    "ACCURACY_F1, 0.7136363636363636",
    "MATTHEWS, 0.408248290463863"
  })
  void shouldGiveTheFiguresOfTwoLabels(Metric metric, double expected) {
    // When
    double value = LabelMetrics.of(metric, GIVEN, RIGHT);

    // Then
    assertThat(value).isCloseTo(expected, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"ACCURACY, 0.7", "MATTHEWS, 0.5539117094069973"})
  void shouldGiveTheFiguresOfThreeLabels(Metric metric, double expected) {
    // Given
    double[] given = {0, 2, 1, 1, 2, 0, 2, 1, 0, 2};
    double[] right = {0, 1, 1, 2, 2, 0, 2, 0, 0, 2};

    // When
    double value = LabelMetrics.of(metric, given, right);

    // Then
    assertThat(value).isCloseTo(expected, within(1e-15));
  }

  /** With a tie on each side, at different places. */
  @ParameterizedTest
  @CsvSource({
    "PEARSON, 0.9609918100828597",
    "SPEARMAN, 0.9633432944855657",
    "PEARSON_SPEARMAN, 0.9621675522842127"
  })
  void shouldGiveTheCorrelationsOfNumbers(Metric metric, double expected) {
    // Given
    double[] given = {2.5, 0.5, 3.75, 3.75, 1.0, 4.9, -1.25};
    double[] right = {3.0, 1.0, 3.0, 4.5, 1.0, 5.0, 0.0};

    // When
    double value = LabelMetrics.of(metric, given, right);

    // Then
    assertThat(value).isCloseTo(expected, within(1e-15));
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"MATTHEWS", "PEARSON", "SPEARMAN", "PEARSON_SPEARMAN"})
  void shouldBeZeroWhenOneSideNeverVaries(Metric metric) {
    // Given
    double[] constant = {1, 1, 1, 1};
    double[] varied = {0, 1, 1, 0};

    // When
    double left = LabelMetrics.of(metric, constant, varied);
    double right = LabelMetrics.of(metric, varied, constant);

    // Then
    assertThat(left).isZero();
    assertThat(right).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"PEARSON", "SPEARMAN", "PEARSON_SPEARMAN"})
  void shouldNotCorrelateWithNumbersThatAreNotFinite(Metric metric) {
    // Given: ranked after all others, NaN would be where the largest is
    double[] right = {0, 1, 2, 3};
    for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {

      // When
      double value = LabelMetrics.of(metric, new double[] {0, 1, 2, broken}, right);

      // Then
      assertThat(value).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"ACCURACY, 0.5", "F1, 0.6666666666666666", "MATTHEWS, 0.4472135954999579"})
  void shouldCountNoLabelAsAWrongOne(Metric metric, double expected) {
    // Given: had the first NaN been label 0, it would be right
    double[] right = {0, 1, 1, 0};
    double[] given = {Double.NaN, 1, Double.NaN, 0};

    // When
    double value = LabelMetrics.of(metric, given, right);

    // Then: as with a third label; (2 * 4 - 4) / sqrt((16 - 6) * (16 - 8))
    assertThat(value).isCloseTo(expected, within(1e-15));
  }

  @Test
  void shouldJudgeByTheLargestLogitUnlessOneIsNoNumber() {
    // Given
    float[] logits = {1, 3, 2, Float.NaN, 1, 0, 2, 2, 1, 0, Float.POSITIVE_INFINITY, 0};

    // When
    double[] judged = LabelBatch.judged(logits, 3);

    // Then
    assertThat(judged).containsExactly(1, Double.NaN, 0, 1);
  }

  @Test
  void shouldBeZeroWhenNothingIsPositive() {
    // Given
    double[] negative = {0, 0, 0};

    // When
    double value = LabelMetrics.of(Metric.F1, negative, negative);

    // Then
    assertThat(value).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"ACCURACY", "F1", "ACCURACY_F1", "MATTHEWS"})
  void shouldBeOneWhenAllLabelsAreRight(Metric metric) {
    // When
    double value = LabelMetrics.of(metric, RIGHT, RIGHT);

    // Then
    assertThat(value).isEqualTo(1);
  }

  @Test
  void shouldBeMinusOneWhenAllLabelsAreWrong() {
    // Given
    double[] given = {0, 1, 0, 1};
    double[] right = {1, 0, 1, 0};

    // When
    double value = LabelMetrics.of(Metric.MATTHEWS, given, right);

    // Then
    assertThat(value).isEqualTo(-1);
  }
}
