package io.deltapress.format.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deltapress.format.delta.LinearInput.Orientation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputRowSelectionTest {
  /** L2 norms of the columns of (1,0,10), (1,2,10), (1,0,-10): 1.732, 2, 17.32. */
  private static final double[] NORMS = {Math.sqrt(3), 2, Math.sqrt(300)};

  /** [[.5,-.1,.02],[-.3,.4,.01]]. */
  private static final double[] DELTAS = {0.5, -0.1, 0.02, -0.3, 0.4, 0.01};

  @ParameterizedTest
  @CsvSource({
    "0, '0, 1, 2, 3, 4, 5'",
    // The .02 beats the -.1 in row 0, by .346 to .2.
    "1, '0, 2, 3, 4'",
    "2, '0, 4'",
    "3, ''",
  })
  void shouldWeighDeltasByTheirInputsWhenRowsAreOutputs(int dropped, String kept)
      throws IOException {
    // When
    List<Integer> positions = select(Orientation.OUTPUT_INPUT, NORMS, 2, dropped, DELTAS, 6);
    // Then
    assertThat(positions).isEqualTo(numbers(kept));
  }

  @ParameterizedTest
  @CsvSource({"1, '0, 1, 3, 4'", "2, '0, 3'"})
  void shouldSelectTheSameWeightsWhenRowsAreInputs(int dropped, String kept) throws IOException {
    // Given: the transposed matrix, whose element (j, i) is number 2 j + i
    double[] transposed = {0.5, -0.3, -0.1, 0.4, 0.02, 0.01};
    // When
    List<Integer> positions = select(Orientation.INPUT_OUTPUT, NORMS, 2, dropped, transposed, 4);
    // Then
    assertThat(positions).isEqualTo(numbers(kept));
  }

  @ParameterizedTest
  @EnumSource(Orientation.class)
  void shouldDropLowerInputFirstWhenScoresAreEqual(Orientation orientation) throws IOException {
    // Given: five inputs of one output, all scores 1 but the last
    double[] norms = {1, 2, 4, 0.5, 8};
    double[] deltas = {1, -0.5, 0.25, -2, 1};
    // When
    List<Integer> positions = select(orientation, norms, 1, 3, deltas, 2);
    // Then
    assertThat(positions).containsExactly(3, 4);
  }

  @Test
  void shouldKeepNotANumberFirstWhenOneIsThere() throws IOException {
    // Given: an infinite delta on an input that was never on is no number
    double[] deltas = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 3};
    // When
    List<Integer> positions =
        select(Orientation.OUTPUT_INPUT, new double[] {0, 1, 1}, 1, 2, deltas, 3);
    // Then
    assertThat(positions).containsExactly(0);
  }

  @Property(tries = 100)
  void shouldEqualSortingWhateverTheLayer(
      @ForAll Orientation orientation,
      @ForAll @IntRange(min = 1, max = 40) int inputs,
      @ForAll @IntRange(min = 1, max = 40) int outputs,
      @ForAll @IntRange(max = 40) int drop,
      @ForAll @IntRange(min = 1, max = 100) int blockLength,
      @ForAll long seed)
      throws IOException {
    // Given: few different values, so that scores coincide
    SplittableRandom random = new SplittableRandom(seed);
    double[] norms = random.ints(inputs, 0, 4).asDoubleStream().toArray();
    double[] deltas = random.ints(inputs * outputs, -5, 6).asDoubleStream().toArray();
    int dropped = Math.min(drop, inputs);
    // When
    List<Integer> positions = select(orientation, norms, outputs, dropped, deltas, blockLength);
    // Then
    assertThat(positions).isEqualTo(reference(orientation, norms, outputs, dropped, deltas));
  }

  @ParameterizedTest
  @EnumSource(Orientation.class)
  void shouldEqualSortingWhenLayerIsLargerThanAPanel(Orientation orientation) throws IOException {
    // Given: 12,500 outputs of 90 inputs, a panel holds 11,650 of them
    SplittableRandom random = new SplittableRandom(7);
    double[] norms = random.doubles(90).toArray();
    double[] deltas = random.doubles(90 * 12_500, -1, 1).toArray();
    // When
    List<Integer> positions = select(orientation, norms, 12_500, 81, deltas, 65_536);
    // Then
    assertThat(deltas.length).isGreaterThan(OutputRowSelection.PANEL_ELEMENTS);
    assertThat(positions).isEqualTo(reference(orientation, norms, 12_500, 81, deltas));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void shouldRefuseNormWhenNoValuesHaveIt(double norm) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinearInput(Orientation.OUTPUT_INPUT, new double[] {1, norm}))
        .withMessage("the norm of input 1 is %s, which no values have", norm);
  }

  private static List<Integer> reference(
      Orientation orientation, double[] norms, int outputs, int dropped, double[] deltas) {
    List<Integer> kept = new ArrayList<>();
    int inputs = norms.length;
    for (int o = 0; o < outputs; o++) {
      int output = o;
      IntStream.range(0, inputs)
          .boxed()
          .sorted(
              Comparator.comparingDouble(
                      (Integer j) ->
                          Math.abs(deltas[at(orientation, output, j, outputs, inputs)]) * norms[j])
                  .thenComparing(Comparator.naturalOrder()))
          .skip(dropped)
          .forEach(j -> kept.add(at(orientation, output, j, outputs, inputs)));
    }
    kept.sort(Comparator.naturalOrder());
    return kept;
  }

  private static int at(Orientation orientation, int output, int input, int outputs, int inputs) {
    return orientation == Orientation.OUTPUT_INPUT
        ? output * inputs + input
        : input * outputs + output;
  }

  private static List<Integer> select(
      Orientation orientation,
      double[] norms,
      int outputs,
      int dropped,
      double[] deltas,
      int blockLength)
      throws IOException {
    OutputRowSelection selection =
        OutputRowSelection.find(
            new LinearInput(orientation, norms),
            outputs,
            dropped,
            (element, count) -> Arrays.copyOfRange(deltas, (int) element, (int) element + count));
    List<Integer> kept = new ArrayList<>();
    for (int from = 0; from < deltas.length; from += blockLength) {
      int length = Math.min(blockLength, deltas.length - from);
      char[] positions = new char[length];
      double[] block = Arrays.copyOfRange(deltas, from, from + length);
      int count = selection.positions(block, length, positions);
      for (int i = 0; i < count; i++) {
        kept.add(from + positions[i]);
      }
    }
    return kept;
  }

  private static List<Integer> numbers(String list) {
    return list.isEmpty()
        ? List.of()
        : Arrays.stream(list.split(", ", -1)).map(Integer::valueOf).toList();
  }
}
