package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataOrderTest {

  @Test
  void shouldShowEveryExampleOncePerEpochWhenBatchesCrossEpochs() {
    // Given
    DataOrder order = new DataOrder(5, 10, 4);

    // When
    int[] twoEpochs = IntStream.range(0, 5).flatMap(s -> Arrays.stream(order.batch(s))).toArray();

    // Then
    int[] all = IntStream.range(0, 10).toArray();
    assertThat(Arrays.copyOf(twoEpochs, 10)).containsExactlyInAnyOrder(all);
    assertThat(Arrays.copyOfRange(twoEpochs, 10, 20)).containsExactlyInAnyOrder(all);
  }

  @Test
  void shouldGiveTheSameBatchWhateverWasAskedBefore() {
    // Given
    DataOrder used = new DataOrder(5, 10, 4);
    used.batch(0);
    used.batch(17);

    // When
    int[] batch = used.batch(3);

    // Then
    assertThat(batch).containsExactly(new DataOrder(5, 10, 4).batch(3));
  }

  @Test
  void shouldDifferBetweenSeeds() {
    // When
    int[] one = new DataOrder(1, 1000, 16).batch(0);
    int[] two = new DataOrder(2, 1000, 16).batch(0);

    // Then
    assertThat(one).isNotEqualTo(two);
  }
}
