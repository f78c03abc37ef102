package io.deltapress.djl.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitMix64Test {

  @Test
  void shouldGiveThePublishedSequence() {
    // Given: the vector of the reference implementation for seed 1234567
    SplitMix64 random = new SplitMix64(1234567);

    // When
    long[] drawn = {random.nextLong(), random.nextLong(), random.nextLong()};

    // Then
    assertThat(drawn)
        .containsExactly(6457827717110365317L, 3203168211198807973L, -8629252141511181193L);
  }

  @Test
  void shouldDrawNormalNumbers() {
    // Given
    SplitMix64 random = new SplitMix64(1);

    // When
    double[] drawn = IntStream.range(0, 100_000).mapToDouble(i -> random.nextGaussian()).toArray();

    // Then: four standard errors
    double mean = IntStream.range(0, drawn.length).mapToDouble(i -> drawn[i]).average().orElse(9);
    double square =
        IntStream.range(0, drawn.length).mapToDouble(i -> drawn[i] * drawn[i]).average().orElse(9);
    assertThat(mean).isCloseTo(0, within(4 / Math.sqrt(drawn.length)));
    assertThat(square).isCloseTo(1, within(4 * Math.sqrt(2.0 / drawn.length)));
  }

  @Test
  void shouldDrawDifferentStreamsForDifferentPurposes() {
    // When
    long one = SplitMix64.forPurpose(5, 1).nextLong();
    long two = SplitMix64.forPurpose(5, 2).nextLong();
    long other = SplitMix64.forPurpose(6, 1).nextLong();

    // Then
    assertThat(new long[] {one, two, other}).doesNotHaveDuplicates();
  }

  @Test
  void shouldPermuteEveryIndexOnce() {
    // When
    int[] order = new SplitMix64(9).permutation(50);

    // Then
    assertThat(order).containsExactlyInAnyOrder(IntStream.range(0, 50).toArray());
  }
}
