package io.deltapress.format.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.tensor.DType;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OnceRoundedTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(3);

  /** A hair above a tie of bfloat16: rounded to binary32 first, it would be that tie. */
  @Test
  void shouldNotRoundTwice() {
    // Given
    double aboveTie = 1 + 0x1p-8 + 0x1p-40;

    // When
    double rounded = round(DType.BF16, aboveTie);

    // Then
    assertThat(rounded).isEqualTo(1 + 0x1p-7);
    assertThat(BFloat16.toFloat(BFloat16.fromFloat((float) aboveTie))).isEqualTo(1f);
  }

  @Test
  void shouldGiveTheNearestNumberOfANarrowType() {
    // Given: values near and far from ties, normal and subnormal
    for (int round = 0; round < 20_000; round++) {
      float near = Float.intBitsToFloat(RANDOM.nextInt() & 0xBFFF_FFFF);
      double value = near * (1 + RANDOM.nextInt(-2, 3) * 0x1p-45);

      // When
      double bfloat16 = round(DType.BF16, value);
      double binary16 = round(DType.F16, value * 0x1p-3);

      // Then
      assertNearest(value, bfloat16, bits -> (double) BFloat16.toFloat(bits));
      if (Math.abs(value * 0x1p-3) < 65504) {
        assertNearest(value * 0x1p-3, binary16, bits -> (double) Binary16.toFloat(bits));
      }
    }
  }

  @Test
  void shouldSayTheValueOfTheElementThatItWouldWrite() {
    for (DType dtype : new DType[] {DType.BF16, DType.F16, DType.F32, DType.F64}) {
      for (int round = 0; round < 5_000; round++) {
        // Given: every size, numbers that are too large for the type among them
        double value = Float.intBitsToFloat(RANDOM.nextInt() & 0xBFFF_FFFF) * (1 + 0x1p-40);

        // When
        double nearest = OnceRounded.nearest(dtype, value);

        // Then
        assertThat(nearest).isEqualTo(round(dtype, value));
      }
    }
  }

  /** Of all 2^16 numbers none is nearer, and none as near with an even last bit. */
  private static void assertNearest(double value, double rounded, Function<Short, Double> numbers) {
    double distance = Math.abs(rounded - value);
    int low = search(Math.abs(value), numbers);
    for (int bits = Math.max(0, low - 1); bits <= low + 1; bits++) {
      double number = Math.copySign(numbers.apply((short) bits), value);
      double other = Math.abs(number - value);
      assertThat(other).as("of %s", value).isGreaterThanOrEqualTo(distance);
      if (other == distance && number != rounded) {
        assertThat(bits % 2).as("of %s", value).isEqualTo(1);
      }
    }
  }

  private static int search(double magnitude, Function<Short, Double> numbers) {
    int low = 0;
    int high = 0x7C00;
    while (low < high - 1) {
      int middle = (low + high) >>> 1;
      if (numbers.apply((short) middle) <= magnitude) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double round(DType dtype, double value) {
    ByteBuffer buffer = ByteBuffer.allocate(8);
    OnceRounded.put(dtype, buffer, value);
    return OnceRounded.get(dtype, buffer.flip());
  }
}
