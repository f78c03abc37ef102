package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MaskAverageTest {

  @Test
  void shouldLeaveOutTheFigureFarthestFromTheMean() {
    // Then: the mean of all four is 4
    assertThat(MaskAverage.MEAN_WITHOUT_OUTLIER.of(1, 2, 3, 10)).isEqualTo(2);
    assertThat(MaskAverage.MEAN_WITHOUT_OUTLIER.of(10, 9, 8, 1)).isEqualTo(9);
  }

  @Test
  void shouldLeaveOutOneOnly() {
    // Then
    assertThat(MaskAverage.MEAN_WITHOUT_OUTLIER.of(1, 3, 2)).isEqualTo(2.5);
    assertThat(MaskAverage.MEAN_WITHOUT_OUTLIER.of(5, 5, 5, 5)).isEqualTo(5);
  }

  @Test
  void shouldUseAllOfTwo() {
    // Then
    assertThat(MaskAverage.MEAN_WITHOUT_OUTLIER.of(1, 2)).isEqualTo(1.5);
    assertThat(MaskAverage.MEAN_WITHOUT_OUTLIER.of(7)).isEqualTo(7);
  }

  @Test
  void shouldUseAllWhenThatIsTheRule() {
    // Then
    assertThat(MaskAverage.MEAN.of(1, 2, 3, 10)).isCloseTo(4, within(1e-12));
  }

  @Test
  void shouldNotHideAModelThatOverflowed() {
    // Then
    assertThat(MaskAverage.MEAN_WITHOUT_OUTLIER.of(1, 2, Double.NaN)).isNaN();
  }
}
