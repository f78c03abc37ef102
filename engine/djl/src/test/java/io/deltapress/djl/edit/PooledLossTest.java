package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PooledLossTest {

  private static final long SHORT = 10;
  private static final long LONG = 30;

  @Test
  void shouldWeighTextsByTheirTokensSoThatPerplexityAndItsDrawdownAreThoseOfMend() {
    // Given
    PooledLoss before = new PooledLoss();
    PooledLoss after = new PooledLoss();

    // When
    before.add(2.0, SHORT);
    before.add(3.0, LONG);
    after.add(2.2, SHORT);
    after.add(3.1, LONG);

    // Then
    double was = Math.exp(before.mean());
    double is = Math.exp(after.mean());
    assertThat(was).isCloseTo(15.642632, within(1e-6));
    assertThat(is).isCloseTo(17.725424, within(1e-6));
    assertThat(is - was).isCloseTo(2.082792, within(1e-6));
  }
}
