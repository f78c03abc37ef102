package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarrowFloatsTest {

  @Test
  void shouldKeepEveryBfloat16() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      // Given
      float value = NarrowFloats.fromBfloat16((short) bits);

      // When
      short narrowed = NarrowFloats.toBfloat16(value);

      // Then: NaN may become quiet, nothing else changes
      if (Float.isNaN(value)) {
        assertThat(NarrowFloats.fromBfloat16(narrowed)).isNaN();
      } else {
        assertThat(narrowed).isEqualTo((short) bits);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x1.00p0, 0x1.00p0",
    "0x1.01p0, 0x1.00p0",
    "0x1.010002p0, 0x1.02p0",
    "0x1.03p0, 0x1.04p0",
    "-0x1.03p0, -0x1.04p0",
    "0x1.ffp127, Infinity",
    "0x1.fep127, 0x1.fep127",
    "0x1p-149, 0",
    "0x1p-133, 0x1p-133"
  })
  void shouldRoundToNearestEvenBfloat16(String value, String expected) {
    // When
    float rounded = NarrowFloats.fromBfloat16(NarrowFloats.toBfloat16(Float.parseFloat(value)));

    // Then
    assertThat(rounded).isEqualTo(Float.parseFloat(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "0000, 0",
    "8000, -0.0",
    "3c00, 1",
    "c000, -2",
    "7bff, 65504",
    "0400, 0x1p-14",
    "03ff, 0x1.ff8p-15",
    "0001, 0x1p-24",
    "8001, -0x1p-24",
    "7c00, Infinity",
    "fc00, -Infinity",
    "7e00, NaN",
    "3555, 0x1.554p-2"
  })
  void shouldWidenFloat16(String bits, String expected) {
    // When
    float widened = NarrowFloats.fromFloat16((short) Integer.parseInt(bits, 16));

    // Then
    assertThat(Float.floatToIntBits(widened))
        .isEqualTo(Float.floatToIntBits(Float.parseFloat(expected)));
  }
}
