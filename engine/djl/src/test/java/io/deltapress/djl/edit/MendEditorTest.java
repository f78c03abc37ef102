package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoArraysLeft.class)
class MendEditorTest {

  private static final double[][] WEIGHT = {{.2, -.1}, {0, .3}, {-.2, .1}};
  private static final double[][] INPUTS = {{1, 2}, {.5, -1}};
  private static final int[] LABELS = {1, 2};

  /** With a plus, as in the published code, the loss would rise to .9933567882. */
  @Test
  void shouldLowerTheLossWithAnEditorThatGivesBackItsInput() {
    // Given
    KeyValueRows rows = signals();
    RunningStatistics statistics = new RunningStatistics(5);
    statistics.add(rows);
    EditorSettings settings = new EditorSettings(EditorMethod.MEND, List.of(), 2, .01, .1, 1, 1);
    var layers = new TreeMap<>(Map.of("w", new LayerShape(2, 3)));
    try (WithoutGradients off = new WithoutGradients();
        var manager = TensorRuntime.newManager();
        EditorNetwork network = new EditorNetwork(manager, settings, layers, 1);
        MendEditor editor =
            new MendEditor(network, new TreeMap<>(Map.of(new LayerShape(2, 3), statistics)))) {

      // When
      RowFactors factors =
          editor.factors("w", rows, TransformedRows.of(network, "w", rows, statistics));

      // Then: minus .01 times [[-1, -1], [-1, -1], [1, 1]]
      double[] shift = LeastSquaresTest.shift(factors.b(), factors.a(), 3, 2);
      assertThat(shift)
          .containsExactly(new double[] {.01, .01, .01, .01, -.01, -.01}, within(1e-7));
      assertThat(loss(new double[6], 0)).isCloseTo(.9817990737, within(1e-10));
      assertThat(loss(shift, 1)).isCloseTo(.9705994564, within(1e-7));
      assertThat(loss(shift, -1)).isCloseTo(.9933567882, within(1e-7));
    }
  }

  private static KeyValueRows signals() {
    float[] keys = {1, 2, .5f, -1};
    float[] values = new float[6];
    for (int row = 0; row < 2; row++) {
      double[] likelihoods = likelihoods(row, new double[6], 0);
      for (int o = 0; o < 3; o++) {
        values[row * 3 + o] = (float) ((likelihoods[o] - (o == LABELS[row] ? 1 : 0)) / 2);
      }
    }
    assertThat(values[0]).isCloseTo(.13081749f, within(1e-7f));
    assertThat(values[1]).isCloseTo(-.26163499f, within(1e-7f));
    return new KeyValueRows(2, 3, new int[2], new int[] {0, 1}, keys, values);
  }

  private static double loss(double[] shift, int sign) {
    double sum = 0;
    for (int row = 0; row < 2; row++) {
      sum -= StrictMath.log(likelihoods(row, shift, sign)[LABELS[row]]);
    }
    return sum / 2;
  }

  private static double[] likelihoods(int row, double[] shift, int sign) {
    double[] scores = new double[3];
    double total = 0;
    for (int o = 0; o < 3; o++) {
      double logit = 0;
      for (int i = 0; i < 2; i++) {
        logit += (WEIGHT[o][i] + sign * shift[o * 2 + i]) * INPUTS[row][i];
      }
      scores[o] = StrictMath.exp(logit);
      total += scores[o];
    }
    for (int o = 0; o < 3; o++) {
      scores[o] /= total;
    }
    return scores;
  }
}
