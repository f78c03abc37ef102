package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {

  @Test
  void shouldMultiplyDimensions() {
    // When
    Shape shape = Shape.of(2, 3, 4);

    // Then
    assertThat(shape.elementCount()).isEqualTo(24);
    assertThat(shape.rank()).isEqualTo(3);
    assertThat(shape.dimension(1)).isEqualTo(3);
    assertThat(shape.dimensions()).containsExactly(2L, 3L, 4L);
    assertThat(shape).hasToString("[2, 3, 4]");
  }

  @Test
  void shouldHoldOneElementWhenThereAreNoDimensions() {
    assertThat(Shape.of().elementCount()).isEqualTo(1);
  }

  @Test
  void shouldHoldNoElementsWhenADimensionIsZero() {
    assertThat(Shape.of(Shape.MAX_SIZE, 0).elementCount()).isZero();
  }

  @Test
  void shouldEqualShapeOfTheSameDimensions() {
    assertThat(Shape.of(2, 3)).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
    assertThat(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2));
  }

  @Test
  void shouldKeepItsDimensionsWhenTheArrayChanges() {
    // Given
    long[] dimensions = {2};
    Shape shape = Shape.of(dimensions);

    // When
    dimensions[0] = 5;

    // Then
    assertThat(shape.dimension(0)).isEqualTo(2);
  }

  @Test
  void shouldRefuseNegativeDimension() {
    assertThatThrownBy(() -> Shape.of(2, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dimension -1 is negative");
  }

  @Test
  void shouldRefuseDimensionBeyondTheFormat() {
    assertThatThrownBy(() -> Shape.of(1L << 48))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dimension 281474976710656 is larger than 2^48 - 1, the largest of the format");
  }

  @Test
  void shouldRefuseProductThatOverflows() {
    assertThatThrownBy(() -> Shape.of(1L << 40, 1L << 40))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("product of shape [1099511627776, 1099511627776] overflows 63 bits");
  }

  @Test
  void shouldRefuseMoreDimensionsThanTensorsHave() {
    assertThatThrownBy(() -> Shape.of(new long[65]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape has 65 dimensions; the most is 64");
  }
}
