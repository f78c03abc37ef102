package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class OutputFileTest {
  @Test
  void shouldNumberFilesWithTheSameDigitsEverywhere() {
    // Given: a place whose own digits are others
    Locale before = Locale.getDefault();
    Locale.setDefault(new Locale("ar", "EG"));
    try {
      TensorInfo a = new TensorInfo("a", DType.F32, Shape.of(2));
      TensorInfo b = new TensorInfo("b", DType.F32, Shape.of(2));
      assertThat("%d".formatted(1)).isNotEqualTo("1");

      // When
      List<OutputFile> files = OutputFile.plan(List.of(a, b), 8);

      // Then
      assertThat(files)
          .extracting(OutputFile::fileName)
          .containsExactly("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    } finally {
      Locale.setDefault(before);
    }
  }
}
