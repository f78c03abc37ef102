package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ShapedRescaleTest {

  @Test
  void shouldBeDareWhenBetaIsZero() {
    // When
    double factor = new ShapedRescale(.99, 0).layer(0, 5);

    // Then
    assertThat(factor).isEqualTo(.01);
  }

  @Test
  void shouldAddItsShareOfWhatLeastSquaresAdds() {
    // When
    double factor = new ShapedRescale(.9, .03).layer(.36, .26);

    // Then
    assertThat(factor).isCloseTo(.1 + .03 * .65, within(1e-12));
  }

  @Test
  void shouldNotExceedOne() {
    // When
    double factor = new ShapedRescale(.9, .5).layer(.001, 1);

    // Then
    assertThat(factor).isEqualTo(1);
  }

  @Test
  void shouldGiveTheKeepRateToALayerWithoutDelta() {
    // When
    double factor = new ShapedRescale(.9, .5).layer(0, 0);

    // Then
    assertThat(factor).isEqualTo(.1);
  }

  /** Beta = 1 was tried and ruins models. */
  @Test
  void shouldStartAtDareAndStayBelowLeastSquares() {
    // Then
    assertThat(ShapedRescale.BETAS).startsWith(0.0, .001, .002, .004).endsWith(.5).isSorted();
  }
}
