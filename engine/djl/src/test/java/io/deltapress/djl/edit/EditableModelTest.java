package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.format.BadInputException;
import io.deltapress.format.delta.BFloat16;
import io.deltapress.format.delta.Binary16;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.edit.LowRankShift;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoArraysLeft.class)
class EditableModelTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama/multi-head-untied-f32",
        "llama/grouped-query-tied-bf16",
        "gpt2/prefixed-f16",
        "gpt2/bare-bf16",
        "encoder/roberta-two-labels-f16"
      })
  void shouldRoundTheSumOfAllEditsOnce(String fixture) throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(fixture, directory)) {
      LinearLayer layer = EditLayers.feedForward(tiny.transformer()).get(0);
      float[] foundation = tiny.transformer().weights().read(layer.weight());
      LowRankShift first = shift(tiny, layer, 3, 1);
      LowRankShift second = shift(tiny, layer, 1, 2);

      // When
      tiny.model.putOn("first", List.of(first));
      tiny.model.putOn("second", List.of(second));

      // Then
      double[] sum = new double[foundation.length];
      add(sum, first, layer.orientation());
      add(sum, second, layer.orientation());
      String dtype = fixture.substring(fixture.lastIndexOf('-') + 1);
      float[] edited = tiny.transformer().weights().read(layer.weight());
      for (int i = 0; i < edited.length; i++) {
        assertThat(edited[i]).isEqualTo(nearest(foundation[i] + sum[i], dtype));
      }
      assertThat(tiny.model.live()).containsExactly("first", "second");
    }
  }

  @Test
  void shouldHaveTheWeightsOfAListThatNeverHeldTheEditWhenItIsTakenOff() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("llama/grouped-query-tied-bf16", directory)) {
      LinearLayer layer = EditLayers.feedForward(tiny.transformer()).get(0);
      float[] foundation = tiny.transformer().weights().read(layer.weight());
      tiny.model.putOn("a", List.of(shift(tiny, layer, 2, 1)));
      tiny.model.putOn("c", List.of(shift(tiny, layer, 2, 3)));
      float[] without = tiny.transformer().weights().read(layer.weight());
      tiny.model.takeOffAll();
      float[] afterAll = tiny.transformer().weights().read(layer.weight());

      // When
      tiny.model.putOn("a", List.of(shift(tiny, layer, 2, 1)));
      tiny.model.putOn("b", List.of(shift(tiny, layer, 4, 2)));
      tiny.model.putOn("c", List.of(shift(tiny, layer, 2, 3)));
      tiny.model.takeOff("b");

      // Then
      assertThat(tiny.transformer().weights().read(layer.weight())).containsExactly(without);
      assertThat(afterAll).containsExactly(foundation);
      assertThat(tiny.model.live()).containsExactly("a", "c");
    }
  }

  @Test
  void shouldBeAsItWasWhenAnEditCannotBePutOn() throws IOException {
    // Given: two layers, of which the second would overflow
    try (TinyEditable tiny = TinyEditable.of("llama/qwen2-untied-f16", directory)) {
      List<LinearLayer> layers = EditLayers.feedForward(tiny.transformer()).subList(0, 2);
      float[] first = tiny.transformer().weights().read(layers.get(0).weight());
      LowRankShift large = shift(tiny, layers.get(1), 1, 2);
      large.b()[0] = 1e6f;

      // When
      assertThatThrownBy(
              () -> tiny.model.putOn("x", List.of(shift(tiny, layers.get(0), 1, 1), large)))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "edit 'x': tensor %s would no longer be finite; reject the edit"
                  .formatted(layers.get(1).weight()));
      assertThat(tiny.transformer().weights().read(layers.get(0).weight())).containsExactly(first);
      assertThat(tiny.model.live()).isEmpty();
    }
  }

  @Test
  void shouldRefuseShiftsOfAnotherModel() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("gpt2/bare-bf16", directory)) {
      LowRankShift unknown = new LowRankShift("other", 1, 1, 1, new float[1], new float[1]);
      LinearLayer layer = EditLayers.feedForward(tiny.transformer()).get(0);
      LowRankShift reshaped = new LowRankShift(layer.weight(), 1, 2, 3, new float[2], new float[3]);
      Shape matrix = tiny.transformer().weights().get(layer.weight()).getShape();

      // When
      assertThatThrownBy(() -> tiny.model.putOn("x", List.of(unknown)))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "edit 'x': tensor 'other': no linear layer of this model; give the model the edit"
                  + " was made for");

      // When
      assertThatThrownBy(() -> tiny.model.putOn("x", List.of(reshaped)))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "edit 'x': tensor '%s': shifts [3, 2], the layer is [%d, %d]; give the model the edit"
                      .formatted(layer.weight(), layer.outputs(matrix), layer.inputs(matrix))
                  + " was made for");
    }
  }

  @Test
  void shouldRefuseAnIdThatIsTakenOrUnknown() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("gpt2/bare-bf16", directory)) {
      tiny.model.putOn("x", List.of());

      // When
      assertThatThrownBy(() -> tiny.model.putOn("x", List.of()))
          // Then
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("edit 'x' is on the model already");

      // When
      assertThatThrownBy(() -> tiny.model.takeOff("y"))
          // Then
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("edit 'y' is not on the model");
    }
  }

  private static LowRankShift shift(TinyEditable tiny, LinearLayer layer, int rank, long seed) {
    LayerShape shape = LayerShape.of(tiny.transformer(), layer);
    SplitMix64 random = new SplitMix64(seed);
    float[] a = floats(random, rank * shape.inputs());
    float[] b = floats(random, rank * shape.outputs());
    return new LowRankShift(layer.weight(), rank, shape.inputs(), shape.outputs(), a, b);
  }

  private static float[] floats(SplitMix64 random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * .1f;
    }
    return values;
  }

  /** The definition, element by element. */
  private static void add(double[] sum, LowRankShift shift, Orientation orientation) {
    for (int r = 0; r < shift.rank(); r++) {
      for (int o = 0; o < shift.outputs(); o++) {
        for (int i = 0; i < shift.inputs(); i++) {
          int at =
              orientation == Orientation.OUTPUT_INPUT
                  ? o * shift.inputs() + i
                  : i * shift.outputs() + o;
          double factor = shift.b()[o * shift.rank() + r];
          sum[at] += factor * shift.a()[r * shift.inputs() + i];
        }
      }
    }
  }

  /** The nearer of two neighbours, by exact decimal arithmetic; the even one of a tie. */
  private static float nearest(double value, String dtype) {
    if (dtype.equals("f32")) {
      return (float) value;
    }
    boolean brain = dtype.equals("bf16");
    float guess =
        brain
            ? BFloat16.toFloat(BFloat16.fromFloat((float) value))
            : Binary16.toFloat(Binary16.fromFloat((float) value));
    short bits = brain ? BFloat16.fromFloat(guess) : Binary16.fromFloat(guess);
    float best = guess;
    for (int step : new int[] {-1, 1}) {
      short other = (short) (bits + step);
      float neighbour = brain ? BFloat16.toFloat(other) : Binary16.toFloat(other);
      if (Float.isFinite(neighbour)) {
        int nearer = distance(neighbour, value).compareTo(distance(best, value));
        best = nearer < 0 || nearer == 0 && (other & 1) == 0 ? neighbour : best;
      }
    }
    return best;
  }

  private static BigDecimal distance(float candidate, double value) {
    return new BigDecimal(candidate).subtract(new BigDecimal(value)).abs();
  }
}
