package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names and indices where digits are written otherwise. */
class ParameterNamesTest {

  private final Locale before = Locale.getDefault();

  @BeforeEach
  void moveElsewhere() {
    Locale.setDefault(new Locale("ar", "EG"));
    assertThat("%d".formatted(1)).isNotEqualTo("1");
  }

  @AfterEach
  void moveBack() {
    Locale.setDefault(before);
  }

  @Test
  void shouldNameTensorsAsFilesDo() {
    // When
    String llama = LlamaParameters.ofLayer(3, "mlp.up_proj");
    String bert =
        EncoderNames.of(ModelFamily.BERT).linearLayer(12, EncoderParameters.QUERY).weight();

    // Then
    assertThat(llama).isEqualTo("model.layers.3.mlp.up_proj.weight");
    assertThat(bert).isEqualTo("bert.encoder.layer.12.attention.self.query.weight");
  }

  @Test
  void shouldFindTheRowsOfAMask() {
    // Given
    try (NDManager manager = TensorRuntime.newManager();
        CausalMask mask = new CausalMask(manager)) {

      // When
      float[] rows = mask.rows(1, 2).toFloatArray();

      // Then
      assertThat(rows).containsExactly(0, 0, Float.NEGATIVE_INFINITY, 0, 0, 0);
    }
  }
}
