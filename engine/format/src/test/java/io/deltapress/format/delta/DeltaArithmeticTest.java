package io.deltapress.format.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.format.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaArithmeticTest {
  private static final int LENGTH = 4000;

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16", "F32", "F64"})
  void shouldEqualReferenceWhenElementsAreOrdinaryOrAtBounds(DType dtype) {
    ReferenceArithmetic reference = new ReferenceArithmetic(dtype);
    DeltaArithmetic arithmetic = DeltaArithmetic.of(dtype);
    SplittableRandom random = new SplittableRandom(dtype.ordinal());
    int finite = 0;
    for (double q : new double[] {1, 0.01, 0.1, 0.25, 0.7, 3}) {
      for (int round = 0; round < 16; round++) {
        // Given
        long[] base = elements(dtype, random, round);
        long[] fineTuned =
            round % 2 == 0 ? neighbours(base, random) : elements(dtype, random, round);
        char[] positions = positions(random);
        byte[] values = new byte[LENGTH * 8];
        // When
        int failure =
            arithmetic.drop(
                bytes(dtype, base),
                bytes(dtype, fineTuned),
                positions,
                positions.length,
                q,
                values);
        // Then
        int expectedFailure = -1;
        for (int i = positions.length - 1; i >= 0; i--) {
          long b = base[positions[i]];
          double sum = reference.sum(b, reference.rescaled(b, fineTuned[positions[i]], q));
          if (reference.isFinite(sum)) {
            assertThat(element(dtype, values, i) ^ b)
                .as("%s: base %x, fine-tuned %x, q %s", dtype, b, fineTuned[positions[i]], q)
                .isEqualTo(reference.encode(sum));
            finite++;
          } else {
            expectedFailure = i;
          }
        }
        assertThat(failure).isEqualTo(expectedFailure);
      }
    }
    assertThat(finite).isGreaterThan(10_000);
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16", "F32", "F64"})
  void shouldEqualReferenceWhenRescaledDeltasAreAdded(DType dtype) {
    // Given
    ReferenceArithmetic reference = new ReferenceArithmetic(dtype);
    SplittableRandom random = new SplittableRandom(3);
    long[] base = elements(dtype, random, 1);
    long[] fineTuned = neighbours(base, random);
    char[] positions = positions(random);
    float[] rescaled = new float[positions.length];
    DeltaArithmetic arithmetic = DeltaArithmetic.of(dtype);
    byte[] block = bytes(dtype, base);
    // When
    arithmetic.rescale(block, bytes(dtype, fineTuned), positions, positions.length, 0.3, rescaled);
    int failure = arithmetic.add(block, positions, positions.length, rescaled);
    // Then
    int expectedFailure = -1;
    boolean[] kept = new boolean[LENGTH];
    for (int i = positions.length - 1; i >= 0; i--) {
      kept[positions[i]] = true;
      long b = base[positions[i]];
      float expected = (float) reference.rescaled(b, fineTuned[positions[i]], 0.3);
      assertThat(rescaled[i]).isEqualTo(expected);
      double sum = reference.sum(b, expected);
      if (reference.isFinite(sum)) {
        assertThat(element(dtype, block, positions[i])).isEqualTo(reference.encode(sum));
      } else {
        expectedFailure = i;
      }
    }
    assertThat(failure).isEqualTo(expectedFailure);
    for (int i = 0; i < LENGTH; i++) {
      if (!kept[i]) {
        assertThat(element(dtype, block, i)).isEqualTo(base[i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16", "F32", "F64"})
  void shouldRestoreBlockWhenBitsAreFlippedTwice(DType dtype) {
    // Given: NaN, infinities and negative zeros among the elements
    SplittableRandom random = new SplittableRandom(9);
    byte[] original = bytes(dtype, elements(dtype, random, 0));
    byte[] block = original.clone();
    char[] positions = positions(random);
    byte[] values = new byte[LENGTH * 8];
    random.nextBytes(values);
    DeltaArithmetic arithmetic = DeltaArithmetic.of(dtype);
    // When
    arithmetic.flip(block, positions, positions.length, values);
    boolean changed = !Arrays.equals(block, original);
    arithmetic.flip(block, positions, positions.length, values);
    // Then
    assertThat(changed).isTrue();
    assertThat(block).isEqualTo(original);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.8})
  void shouldGiveKnownMatrixWhenTwoOfFourAreKept(double q) {
    // Given: W_P = [[1,2],[3,4]], W_F = [[1.1,1.8],[3.05,4.4]], keep = [[1,0],[0,1]]
    byte[] block = floats(1, 2, 3, 4);
    byte[] values = new byte[8];
    char[] positions = {0, 3};
    DeltaArithmetic arithmetic = DeltaArithmetic.of(DType.F32);
    // When
    arithmetic.drop(block, floats(1.1f, 1.8f, 3.05f, 4.4f), positions, 2, q, values);
    arithmetic.flip(block, positions, 2, values);
    // Then
    ByteBuffer result = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(result.getFloat(0)).isCloseTo(q == 0.5 ? 1.2f : 1.125f, within(1e-6f));
    assertThat(result.getFloat(4)).isEqualTo(2f);
    assertThat(result.getFloat(8)).isEqualTo(3f);
    assertThat(result.getFloat(12)).isCloseTo(q == 0.5 ? 4.8f : 4.5f, within(1e-6f));
  }

  @Test
  void shouldRefuseDTypeWhenItsDeltasCannotBePruned() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeltaArithmetic.of(DType.F8_E4M3))
        .withMessage("deltas of F8_E4M3 cannot be pruned");
  }

  /** All bits, ordinary weights, or the neighbourhood of zero, one and the largest value. */
  private static long[] elements(DType dtype, SplittableRandom random, int round) {
    ReferenceArithmetic reference = new ReferenceArithmetic(dtype);
    long largest = reference.encode(Double.POSITIVE_INFINITY) - 1;
    long[] special = {0, 1, 2, reference.encode(1), reference.encode(0.0009765625), largest - 2};
    long signBit = 1L << dtype.bits() - 1;
    long[] elements = new long[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      elements[i] =
          switch (round % 4) {
            case 0 -> random.nextLong() & (signBit - 1 | signBit);
            case 3 ->
                special[random.nextInt(special.length)] | (random.nextBoolean() ? signBit : 0);
            default -> reference.encode(random.nextGaussian() * 0.05);
          };
    }
    return elements;
  }

  private static long[] neighbours(long[] base, SplittableRandom random) {
    return Arrays.stream(base).map(bits -> bits ^ random.nextInt(8)).toArray();
  }

  private static char[] positions(SplittableRandom random) {
    StringBuilder positions = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      if (random.nextInt(8) == 0) {
        positions.append((char) i);
      }
    }
    return positions.toString().toCharArray();
  }

  private static byte[] bytes(DType dtype, long[] elements) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) dtype.byteLength(elements.length)).order(ByteOrder.LITTLE_ENDIAN);
    for (long element : elements) {
      switch (dtype.bits()) {
        case 16 -> bytes.putShort((short) element);
        case 32 -> bytes.putInt((int) element);
        default -> bytes.putLong(element);
      }
    }
    return bytes.array();
  }

  private static long element(DType dtype, byte[] bytes, int index) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (dtype.bits()) {
      case 16 -> buffer.getShort(2 * index) & 0xFFFFL;
      case 32 -> buffer.getInt(4 * index) & 0xFFFF_FFFFL;
      default -> buffer.getLong(8 * index);
    };
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }
}
