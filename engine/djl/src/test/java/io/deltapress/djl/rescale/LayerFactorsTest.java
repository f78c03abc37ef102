package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.model.LinearLayer;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.delta.LinearInput.Orientation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerFactorsTest {

  private static final List<LinearLayer> LAYERS =
      List.of(
          new LinearLayer("a.weight", "a.bias", Orientation.OUTPUT_INPUT),
          LinearLayer.of("b.weight"),
          new LinearLayer("same.weight", "same.bias", Orientation.OUTPUT_INPUT));

  @Test
  void shouldGiveABiasItsWeightsFactorAndTheRestTheMean() {
    // When
    RescaleFactors factors =
        new LayerFactors(LAYERS, .9).of(Map.of("a.weight", .2, "b.weight", .4));

    // Then
    assertThat(factors.factor("a.weight")).isEqualTo(.2);
    assertThat(factors.factor("a.bias")).isEqualTo(.2);
    assertThat(factors.factor("b.weight")).isEqualTo(.4);
    assertThat(factors.factor("same.bias")).isCloseTo(.3, within(1e-12));
    assertThat(factors.factor("norm.weight")).isCloseTo(.3, within(1e-12));
  }

  @Test
  void shouldBeDareWhereNoLayerDiffers() {
    // When
    RescaleFactors factors = new LayerFactors(LAYERS, .9).of(Map.of());

    // Then
    assertThat(factors).isEqualTo(RescaleFactors.of(.1));
  }

  @Test
  void shouldComputeTheInfluenceOfEitherOrientationAndOfABias() {
    // Given: two outputs, three inputs
    double[] inputs = {1, -2, .5};
    float[] outputsFirst = {1, 2, 3, 4, 5, 6};
    float[] inputsFirst = {1, 4, 2, 5, 3, 6};
    float[] bias = {7, 8};

    // When
    List<Influence> plain =
        MeanInfluence.rows(inputs, Orientation.OUTPUT_INPUT, 2, outputsFirst, bias);
    List<Influence> turned =
        MeanInfluence.rows(inputs, Orientation.INPUT_OUTPUT, 2, inputsFirst, bias);

    // Then
    assertThat(plain)
        .containsExactly(Influence.of(1, -4, 1.5, 7), Influence.of(4, -10, 3, 8))
        .isEqualTo(turned);
    assertThat(MeanInfluence.rows(inputs, Orientation.OUTPUT_INPUT, 2, outputsFirst, null))
        .containsExactly(Influence.of(1, -4, 1.5), Influence.of(4, -10, 3));
  }
}
