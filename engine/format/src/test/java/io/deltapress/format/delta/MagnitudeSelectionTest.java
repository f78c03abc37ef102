package io.deltapress.format.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MagnitudeSelectionTest {

  @Test
  void shouldKeepLargestWhenHalfIsDropped() throws IOException {
    // Given: [[.5,-.1,.02],[-.3,.4,.01]]
    double[] deltas = {0.5, -0.1, 0.02, -0.3, 0.4, 0.01};
    // When
    List<Integer> kept = select(3, deltas);
    // Then: .5, -.3, .4
    assertThat(kept).containsExactly(0, 3, 4);
  }

  @Test
  void shouldDropLowerIndexFirstWhenMagnitudesAreEqual() throws IOException {
    // Given: blocks that divide the equal ones
    double[] first = {1, -1, 0.0, 1};
    double[] second = {-1, 1, 2, -0.0};
    // When
    List<Integer> kept = select(5, first, second);
    // Then: both zeros and the first three ones are dropped
    assertThat(kept).containsExactly(4, 5, 6);
  }

  @Test
  void shouldKeepNotANumberFirstWhenOneIsThere() throws IOException {
    // When
    List<Integer> kept = select(2, new double[] {Double.NEGATIVE_INFINITY, Double.NaN, 3});
    // Then
    assertThat(kept).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 17, 500, 999, 1000})
  void shouldEqualSortingWhenManyMagnitudesCoincide(int dropped) throws IOException {
    // Given: as coarse as bf16 deltas are
    SplittableRandom random = new SplittableRandom(dropped);
    double[] deltas = new double[1000];
    Arrays.setAll(deltas, i -> BFloat16.toFloat((short) random.nextInt(0x3C00, 0x3C20)));
    List<Integer> expected =
        IntStream.range(0, 1000)
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> Math.abs(deltas[i]))
                    .thenComparing(Comparator.naturalOrder()))
            .skip(dropped)
            .sorted()
            .toList();
    // When
    List<Integer> kept =
        select(dropped, Arrays.copyOf(deltas, 400), Arrays.copyOfRange(deltas, 400, 1000));
    // Then
    assertThat(kept).isEqualTo(expected);
  }

  private static List<Integer> select(long dropped, double[]... blocks) throws IOException {
    MagnitudeSelection selection =
        MagnitudeSelection.find(
            reader -> {
              for (double[] block : blocks) {
                reader.read(block, block.length);
              }
            },
            dropped);
    List<Integer> kept = new ArrayList<>();
    int offset = 0;
    for (double[] block : blocks) {
      char[] positions = new char[block.length];
      int count = selection.positions(block, block.length, positions);
      for (char position : Arrays.copyOf(positions, count)) {
        kept.add(offset + position);
      }
      offset += block.length;
    }
    return kept;
  }
}
