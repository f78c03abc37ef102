package io.deltapress.format.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.mask.MaskGenerator;
import io.deltapress.format.mask.SeededMask;
import io.deltapress.format.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What DARE and DAREx-q promise of random drop and rescale. */
class RandomDropTest {
  private static final int ELEMENTS = 1000;

  @ParameterizedTest
  @CsvSource({"0.5, '1.2, 2.0, 3.0, 4.8'", "0.8, '1.125, 2.0, 3.0, 4.5'"})
  void shouldDivideKeptDeltasAndLeaveTheRestWhenApplied(double rescale, String expected) {
    // Given: [[1, 2], [3, 4]] tuned to [[1.1, 1.8], [3.05, 4.4]], the diagonal is kept
    DeltaArithmetic arithmetic = DeltaArithmetic.of(DType.F64);
    byte[] base = doubles(1, 2, 3, 4);
    byte[] fineTuned = doubles(1.1, 1.8, 3.05, 4.4);
    char[] kept = {0, 3};
    byte[] values = new byte[16];
    // When
    int failure = arithmetic.drop(base, fineTuned, kept, 2, rescale, values);
    arithmetic.flip(base, kept, 2, values);
    // Then
    assertThat(failure).isEqualTo(DeltaArithmetic.ALL_FINITE);
    double[] result = new double[4];
    ByteBuffer.wrap(base).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(result);
    double[] wanted =
        Arrays.stream(expected.split(", ", -1)).mapToDouble(Double::valueOf).toArray();
    assertThat(result).containsExactly(wanted, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.5", "0.9, 0.1", "0.99, 0.01", "0.9, 0.25", "0.99, 0.03"})
  void shouldGiveFineTuneOnAverageWhenRescaledByKeepProbability(double pruneRate, double rescale) {
    // Given
    SplittableRandom random = new SplittableRandom(1);
    float[] base = new float[ELEMENTS];
    float[] delta = new float[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      base[i] = (float) random.nextGaussian();
      delta[i] = (float) (0.01 * random.nextGaussian());
    }
    double[] sum = new double[ELEMENTS];
    int masks = 1000;
    // When
    for (int seed = 0; seed < masks; seed++) {
      float[] result = dropped(seed, pruneRate, rescale, base, delta);
      for (int i = 0; i < ELEMENTS; i++) {
        sum[i] += result[i] - base[i];
      }
    }
    // Then: E = (1-p)/q delta, which is the delta if q = 1 - p, Var = p(1-p)/q^2 delta^2 (PAPERS
    // 1.3). The standardised distances of a thousand independent elements squared sum up to 1000.
    double keep = 1 - pruneRate;
    double chiSquare = 0;
    for (int i = 0; i < ELEMENTS; i++) {
      double deviation = Math.abs(delta[i]) * Math.sqrt(pruneRate * keep / masks) / rescale;
      chiSquare += Math.pow((sum[i] / masks - keep / rescale * delta[i]) / deviation, 2);
    }
    assertThat(chiSquare).isCloseTo(ELEMENTS, within(5 * Math.sqrt(2.0 * ELEMENTS)));
  }

  @Test
  void shouldNotDropEverythingWhenPruneRateIsBeyondHalfPrecision() {
    // Given: .999 in bf16 is 1, with which a mask drawn in bf16 keeps nothing
    float[] base = new float[ELEMENTS];
    float[] delta = new float[ELEMENTS];
    Arrays.fill(delta, 1);
    long kept = 0;
    // When
    for (int seed = 0; seed < 1000; seed++) {
      for (float value : dropped(seed, 0.999, 1, base, delta)) {
        kept += value == 0 ? 0 : 1;
      }
    }
    // Then: 1000 of a million, deviation 31.6
    assertThat(BFloat16.toFloat(BFloat16.fromFloat(0.999f))).isEqualTo(1);
    assertThat((double) kept).isCloseTo(1000, within(5 * 31.6));
  }

  private static float[] dropped(
      long seed, double pruneRate, double rescale, float[] base, float[] delta) {
    SeededMask mask = new MaskGenerator(seed, KeepProbability.ofPruneRate(pruneRate)).mask("w");
    char[] positions = new char[ELEMENTS];
    RandomDrop drop = new RandomDrop(DType.F32, rescale, positions);
    byte[] old = new byte[4 * ELEMENTS];
    byte[] tuned = new byte[4 * ELEMENTS];
    byte[] values = new byte[4 * ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      Bits.putInt(old, i, Float.floatToRawIntBits(base[i]));
      Bits.putInt(tuned, i, Float.floatToRawIntBits(base[i] + delta[i]));
    }
    int kept = drop.drop(mask, 0, ELEMENTS, old, tuned, values);
    DeltaArithmetic.of(DType.F32).flip(old, positions, kept, values);
    float[] result = new float[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      result[i] = Float.intBitsToFloat(Bits.getInt(old, i));
    }
    return result;
  }

  private static byte[] doubles(double... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }
}
