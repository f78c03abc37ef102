package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditorsTest {

  @ParameterizedTest
  @CsvSource({
    "ultraedit, true",
    "fine-tuning, true",
    "mend, false",
    "editors/ultraedit, false",
    "./fine-tuning, false"
  })
  void shouldKnowMethodsWithoutTrainingByTheirNames(String spec, boolean known) {
    // When / Then
    assertThat(Editors.needsNoTraining(spec)).isEqualTo(known);
  }
}
