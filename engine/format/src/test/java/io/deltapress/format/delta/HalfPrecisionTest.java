package io.deltapress.format.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.tensor.DType;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

  @Test
  void shouldWidenExactlyWhenBitsAreAnyBinary16() {
    // Given
    ReferenceArithmetic reference = new ReferenceArithmetic(DType.F16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      // When
      float value = Binary16.toFloat((short) bits);
      // Then
      assertThat((double) value).isEqualTo(Double.valueOf(reference.decode(bits)));
    }
  }

  @Test
  void shouldWidenExactlyWhenBitsAreAnyBFloat16() {
    // Given
    ReferenceArithmetic reference = new ReferenceArithmetic(DType.BF16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      // When
      float value = BFloat16.toFloat((short) bits);
      // Then
      assertThat((double) value).isEqualTo(Double.valueOf(reference.decode(bits)));
    }
  }

  @Test
  void shouldRoundToNearestEvenWhenValueLiesBetweenNeighbours() {
    for (int bits = 0; bits < 0x7C00; bits++) {
      // Given
      float low = Binary16.toFloat((short) bits);
      float high = bits == 0x7BFF ? 65536f : Binary16.toFloat((short) (bits + 1));
      float middle = (low + high) / 2;
      int even = bits % 2 == 0 ? bits : bits + 1;
      // When
      int tie = Binary16.fromFloat(middle);
      int below = Binary16.fromFloat(Math.nextDown(middle));
      int above = Binary16.fromFloat(-Math.nextUp(middle));
      // Then
      assertThat(Binary16.fromFloat(low)).isEqualTo((short) bits);
      assertThat(tie).isEqualTo(even);
      assertThat(below).isEqualTo(bits);
      assertThat(above & 0xFFFF).isEqualTo(bits + 1 | 0x8000);
    }
  }

  @Test
  void shouldRoundToNearestEvenWhenValueLiesBetweenBFloat16Neighbours() {
    for (int bits = 0; bits < 0x7F80; bits++) {
      // Given
      int middle = bits << 16 | 0x8000;
      int even = bits % 2 == 0 ? bits : bits + 1;
      // When
      int tie = BFloat16.fromFloat(Float.intBitsToFloat(middle));
      int below = BFloat16.fromFloat(Float.intBitsToFloat(middle - 1));
      int above = BFloat16.fromFloat(-Float.intBitsToFloat(middle + 1));
      // Then
      assertThat(tie & 0xFFFF).isEqualTo(even);
      assertThat(below & 0xFFFF).isEqualTo(bits);
      assertThat(above & 0xFFFF).isEqualTo(bits + 1 | 0x8000);
    }
  }

  @Test
  void shouldKeepSignsAndSpecialsWhenRounding() {
    // When
    short[] binary16 = {
      Binary16.fromFloat(-0f), Binary16.fromFloat(Float.NaN), Binary16.fromFloat(-1e9f)
    };
    short[] bfloat16 = {
      BFloat16.fromFloat(-0f),
      BFloat16.fromFloat(Float.intBitsToFloat(0x7FFF_FFFF)),
      BFloat16.fromFloat(Float.NEGATIVE_INFINITY)
    };
    // Then
    assertThat(binary16).containsExactly((short) 0x8000, (short) 0x7E00, (short) 0xFC00);
    assertThat(bfloat16).containsExactly((short) 0x8000, (short) 0x7FC0, (short) 0xFF80);
  }
}
