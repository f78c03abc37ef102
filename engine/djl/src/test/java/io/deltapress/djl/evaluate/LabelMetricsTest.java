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
