package io.deltapress.djl.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.ArrayLedger;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.format.delta.LinearInput.Orientation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoArraysLeft.class)
class CalibrationRunTest {

  private static final LinearLayer PLAIN = LinearLayer.of("plain");
  private static final LinearLayer BIASED =
      new LinearLayer("biased", "biased.bias", Orientation.OUTPUT_INPUT);
  private static final LinearLayer TURNED =
      new LinearLayer("turned", "turned.bias", Orientation.INPUT_OUTPUT);
  private static final SortedMap<String, Shape> SHAPES =
      new TreeMap<>(
          Map.of(
              "plain", new Shape(5, 3),
              "biased", new Shape(4, 6),
              "biased.bias", new Shape(4),
              "turned", new Shape(6, 2),
              "turned.bias", new Shape(2)));

  private static final List<CalibrationSequence> SEQUENCES =
      List.of(
          new CalibrationSequence(new long[] {3, 1, 4, 1, 5}, 2),
          new CalibrationSequence(new long[] {9, 2}, 0),
          new CalibrationSequence(new long[] {6}, 0));

  @Test
  void shouldComputeWhatASlowReferenceComputes() {
    // Given: two batches, one of them with filled-up tokens
    List<CalibrationBatch> batches =
        List.of(
            CalibrationBatch.of(SEQUENCES.subList(0, 2)),
            CalibrationBatch.of(SEQUENCES.subList(2, 3)));
    try (NDManager manager = TensorRuntime.newManager();
        ScriptedModel model = new ScriptedModel(manager, List.of(PLAIN, BIASED, TURNED), SHAPES)) {

      // When
      SortedMap<String, LayerCalibration> seen =
          CalibrationRun.of(model, batches, CalibrationRunTest::delta);

      // Then
      assertThat(seen).containsOnlyKeys("plain", "biased", "turned");
      for (LinearLayer layer : model.linearLayers()) {
        requireEqual(seen.get(layer.weight()), new SlowReference(layer));
      }
    }
  }

  private static void requireEqual(LayerCalibration got, SlowReference expected) {
    assertThat(got.tokens()).isEqualTo(8);
    assertThat(got.meanInputs()).containsExactly(expected.means, within(1e-6));
    assertThat(got.inputNorms()).containsExactly(expected.norms, within(1e-5));
    assertThat(got.squaredSums()).isCloseTo(expected.squaredSums, within(1e-4));
    assertThat(got.squares()).isCloseTo(expected.squares, within(1e-4));
  }

  /** S and Q one token, output and input at a time, in binary64. */
  private static final class SlowReference {
    final double[] means;
    final double[] norms;
    double squaredSums;
    double squares;

    SlowReference(LinearLayer layer) {
      int inputs = (int) layer.inputs(SHAPES.get(layer.weight()));
      int outputs = (int) layer.outputs(SHAPES.get(layer.weight()));
      means = new double[inputs];
      norms = new double[inputs];
      float[] weight = delta(layer.weight());
      float[] bias = layer.bias() == null ? new float[outputs] : delta(layer.bias());
      for (CalibrationSequence sequence : SEQUENCES) {
        for (long token : sequence.tokens()) {
          for (int j = 0; j < inputs; j++) {
            double x = ScriptedModel.input(layer, token, j);
            means[j] += x / 8;
            norms[j] += x * x;
          }
          for (int i = 0; i < outputs; i++) {
            double sum = bias[i];
            squares += (double) bias[i] * bias[i];
            for (int j = 0; j < inputs; j++) {
              int at =
                  layer.orientation() == Orientation.OUTPUT_INPUT
                      ? i * inputs + j
                      : j * outputs + i;
              double c = (double) weight[at] * ScriptedModel.input(layer, token, j);
              sum += c;
              squares += c * c;
            }
            squaredSums += sum * sum;
          }
        }
      }
      for (int j = 0; j < inputs; j++) {
        norms[j] = Math.sqrt(norms[j]);
      }
    }
  }

  private static float[] delta(String tensor) {
    SplitMix64 random = new SplitMix64(tensor.hashCode());
    float[] delta = new float[(int) SHAPES.get(tensor).size()];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = (float) random.nextGaussian();
    }
    return delta;
  }

  @Test
  void shouldSeeInputsEvenWhereNothingDiffers() {
    // Given
    List<CalibrationBatch> batches = CalibrationBatch.allOf(SEQUENCES, 9);
    try (NDManager manager = TensorRuntime.newManager();
        ScriptedModel model = new ScriptedModel(manager, List.of(PLAIN), SHAPES)) {

      // When
      LayerCalibration seen =
          CalibrationRun.of(model, batches, TensorDeltas.none()).get(PLAIN.weight());

      // Then
      assertThat(seen.inputNorms()).doesNotContain(0);
      assertThat(seen.squaredSums()).isZero();
      assertThat(seen.squares()).isZero();
    }
  }

  /** The bound that the class promises, with a large layer before a small one. */
  @Test
  void shouldHoldArraysOfOneLayerAtATime() {
    // Given
    LinearLayer large = new LinearLayer("large", "large.bias", Orientation.OUTPUT_INPUT);
    LinearLayer small = new LinearLayer("small", "small.bias", Orientation.OUTPUT_INPUT);
    SortedMap<String, Shape> shapes =
        new TreeMap<>(
            Map.of(
                "large", new Shape(64, 128),
                "large.bias", new Shape(64),
                "small", new Shape(4, 8),
                "small.bias", new Shape(4)));
    List<CalibrationBatch> batches = CalibrationBatch.allOf(SEQUENCES, 9);
    Map<String, Long> open = new TreeMap<>();
    try (NDManager manager = TensorRuntime.newManager();
        ScriptedModel model = new ScriptedModel(manager, List.of(large, small), shapes)) {
      long before = ArrayLedger.openBytes();

      // When
      CalibrationRun.of(
          model,
          batches,
          tensor -> {
            open.put(tensor, ArrayLedger.openBytes() - before);
            return new float[(int) shapes.get(tensor).size()];
          });

      // Then: by the time of the bias the delta of the weight is on the device
      long tokens = 3 * 5;
      long ownInputs = 4 * tokens * 128 + 12 * tokens;
      assertThat(open.get("large.bias"))
          .isBetween(4L * 64 * 128, ownInputs + 4 * (2 * 64 * 128 + 2 * tokens * (64 + 128)));
      assertThat(open.get("small.bias"))
          .isLessThanOrEqualTo(ownInputs + 4 * (2 * 4 * 8 + 2 * tokens * (4 + 8)));
      assertThat(ArrayLedger.openBytes()).isEqualTo(before);
    }
  }

  @Test
  void shouldCutLongSequencesIntoWindowsAndKeepTrackOfWhatIsMeasured() {
    // Given
    CalibrationSequence sequence = new CalibrationSequence(new long[] {1, 2, 3, 4, 5, 6, 7}, 4);

    // When
    List<CalibrationSequence> windows = sequence.windows(3);

    // Then
    assertThat(windows.stream().map(CalibrationSequence::tokens))
        .containsExactly(new long[] {1, 2, 3}, new long[] {4, 5, 6}, new long[] {7});
    assertThat(windows.stream().map(CalibrationSequence::firstMeasured)).containsExactly(3, 1, 0);
  }

  @Test
  void shouldTellRealAndMeasuredTokensFromThoseThatFillUp() {
    // When
    CalibrationBatch batch = CalibrationBatch.of(SEQUENCES);

    // Then: rows of five
    assertThat(batch.realTokens()).containsExactly(0, 1, 2, 3, 4, 5, 6, 10);
    assertThat(batch.measuredTokens()).containsExactly(2, 3, 4, 5, 6, 10);
  }

  @Test
  void shouldKeepBatchesWithinTheirLimit() {
    // Given
    List<CalibrationSequence> sequences = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      sequences.add(new CalibrationSequence(new long[i * 6], 0));
    }

    // When
    List<CalibrationBatch> batches = CalibrationBatch.allOf(sequences, 30);

    // Then
    assertThat(batches)
        .hasSizeGreaterThan(2)
        .allSatisfy(
            batch ->
                assertThat(batch.inputs().size() * batch.inputs().length())
                    .isLessThanOrEqualTo(CalibrationBatch.MOST_TOKENS));
    assertThat(batches.stream().mapToInt(batch -> batch.inputs().tokens()).sum())
        .isEqualTo(6 * 40 * 41 / 2);
  }
}
