package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.random.SplitMix64;
import org.junit.jupiter.api.Test;

class InverseMomentTest {

  private static final int INPUTS = 9;

  @Test
  void shouldInvertByHand() {
    // Given: M + I = [[2, 1], [1, 3]]
    InverseMoment moment = InverseMoment.of(new double[] {1, 1, 1, 2}, 2, 1);

    // When
    double[] products = moment.times(new double[] {1, 0, 0, 5});

    // Then
    assertThat(products).containsExactly(new double[] {.6, -.2, -1, 2}, within(1e-15));
  }

  @Test
  void shouldTakeKeysInAsIfTheyHadBeenThereFromTheStart() {
    // Given
    SplitMix64 random = new SplitMix64(3);
    double[] known = random(random, 20 * INPUTS);
    double[] more = random(random, 14 * INPUTS);
    InverseMoment oneByOne = InverseMoment.of(moment(known), INPUTS, .2);
    double[] all = moment(known);
    double[] added = moment(more);
    for (int i = 0; i < all.length; i++) {
      all[i] += added[i];
    }

    // When
    oneByOne.takeIn(more);

    // Then
    double[] probe = random(random, 5 * INPUTS);
    assertThat(oneByOne.times(probe))
        .containsExactly(InverseMoment.of(all, INPUTS, .2).times(probe), within(1e-11));
  }

  @Test
  void shouldSolveWhatItIsTheInverseOf() {
    // Given
    SplitMix64 random = new SplitMix64(4);
    double[] moment = moment(random(random, 6 * INPUTS));
    double[] key = random(random, INPUTS);

    // When
    double[] product = InverseMoment.of(moment, INPUTS, .5).times(key);

    // Then: (M + .5 I) P k = k
    for (int i = 0; i < INPUTS; i++) {
      double back = .5 * product[i];
      for (int j = 0; j < INPUTS; j++) {
        back += moment[i * INPUTS + j] * product[j];
      }
      assertThat(back).isCloseTo(key[i], within(1e-12));
    }
  }

  @Test
  void shouldLeaveACopyAsItWas() {
    // Given
    SplitMix64 random = new SplitMix64(5);
    InverseMoment moment = InverseMoment.of(new double[INPUTS * INPUTS], INPUTS, 1);
    double[] key = random(random, INPUTS);

    // When
    moment.copy().takeIn(key);

    // Then
    assertThat(moment.times(key)).containsExactly(key);
  }

  @Test
  void shouldRefuseARidgeThatIsNotPositive() {
    // When
    assertThatThrownBy(() -> InverseMoment.of(new double[1], 1, 0))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the ridge of a second moment must be positive");
  }

  private static double[] random(SplitMix64 random, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = 2 * random.nextDouble() - 1;
    }
    return values;
  }

  private static double[] moment(double[] keys) {
    double[] moment = new double[INPUTS * INPUTS];
    for (int from = 0; from < keys.length; from += INPUTS) {
      for (int i = 0; i < INPUTS; i++) {
        for (int j = 0; j < INPUTS; j++) {
          moment[i * INPUTS + j] += keys[from + i] * keys[from + j];
        }
      }
    }
    return moment;
  }
}
