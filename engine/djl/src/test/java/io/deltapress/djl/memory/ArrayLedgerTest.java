package io.deltapress.djl.memory;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class ArrayLedgerTest {

  @Test
  void shouldFailWhenAnArrayIsLeftInANestedManager() {
    // Given
    ArrayLedger ledger = new ArrayLedger();
    try (NDManager manager = TensorRuntime.newManager()) {
      manager.newSubManager().zeros(new Shape(2, 3));

      // When
      assertThatThrownBy(ledger::requireNothingLeft)
          // Then
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("3 native resources left open")
          .hasMessageContaining("(2, 3)");
    }
  }

  @Test
  void shouldPassWhenTheManagerIsClosed() {
    // Given
    ArrayLedger ledger = new ArrayLedger();
    try (NDManager manager = TensorRuntime.newManager()) {
      manager.newSubManager().zeros(new Shape(2, 3));
    }

    // When
    assertThatCode(ledger::requireNothingLeft)
        // Then
        .doesNotThrowAnyException();
  }
}
