package io.deltapress.djl.memory;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoArraysLeft.class)
class ArrayWriterTest {

  @Test
  void shouldWriteARunThatCrossesRows() {
    // Given
    try (NDManager manager = TensorRuntime.newManager()) {
      NDArray array = manager.ones(new Shape(2, 3));

      // When
      ArrayWriter.write(array, 2, new float[] {7, 8});

      // Then
      assertThat(array.toFloatArray()).containsExactly(1, 1, 7, 8, 1, 1);
    }
  }

  @Test
  void shouldWriteAWholeArray() {
    // Given
    try (NDManager manager = TensorRuntime.newManager()) {
      NDArray array = manager.ones(new Shape(2, 2));

      // When
      ArrayWriter.write(array, 0, new float[] {1, 2, 3, 4});

      // Then
      assertThat(array.toFloatArray()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void shouldNotShareMemoryWithTheValuesWritten() {
    // Given
    float[] values = {1, 2};
    try (NDManager manager = TensorRuntime.newManager()) {
      NDArray array = manager.ones(new Shape(2));
      ArrayWriter.write(array, 0, values);

      // When
      values[0] = 9;

      // Then
      assertThat(array.toFloatArray()).containsExactly(1, 2);
    }
  }

  @Test
  void shouldWriteSingleElementsInAnyOrder() {
    // Given
    try (NDManager manager = TensorRuntime.newManager()) {
      NDArray array = manager.ones(new Shape(2, 3));

      // When
      ArrayWriter.put(array, new long[] {5, 0, 3}, new float[] {9, 7, 8});

      // Then
      assertThat(array.toFloatArray()).containsExactly(7, 1, 1, 8, 1, 9);
    }
  }
}
