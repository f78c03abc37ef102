package io.deltapress.format.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.deltapress.format.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredMaskTest {
  @ParameterizedTest
  @CsvSource({
    // length, kept positions, code by hand
    "5, , 01",
    "5, 0 1 2 3 4, 02",
    // 1 + 1 bytes either way: the bitmap goes first
    "8, 0 2 4 6, 0055",
    // one position: 4 bytes of Rice against 9 of a bitmap; gap 40 = 2 * 16 + 8: bits 0001 001
    "64, 40, 14000048",
    // dropped 40
    "64, 0-39 41-63, 24000048",
  })
  void shouldWriteFormsByHandWhenBlocksAreSmall(int length, String positions, String code) {
    // Given
    char[] kept = positions(positions);
    byte[] into = new byte[StoredMaskEncoder.MAX_BLOCK_BYTES];
    // When
    int bytes = new StoredMaskEncoder().encode(kept, kept.length, length, into);
    // Then
    assertThat(HexFormat.of().formatHex(into, 0, bytes)).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.9, 0.99, 0.999, 0.001, 0.1})
  void shouldStayWithinTenPercentOfEntropyWhenMaskIsRandom(double pruneRate) throws Exception {
    // Given: eight blocks
    SplittableRandom random = new SplittableRandom(4);
    boolean[] kept = new boolean[8 * MaskBlocks.ELEMENTS];
    int dropped = 0;
    for (int i = 0; i < kept.length; i++) {
      kept[i] = random.nextDouble() >= pruneRate;
      dropped += kept[i] ? 0 : 1;
    }
    double p = (double) dropped / kept.length;
    double entropyBits = -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2) * kept.length;
    // When
    byte[] encoded = encode(kept);
    // Then
    assertThat(8.0 * encoded.length).isLessThanOrEqualTo(1.1 * entropyBits);
    assertThat(decode(encoded, kept.length)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 100, 65_535, 65_536, 65_537, 200_000})
  void shouldReadWhatWasWrittenWhenSizesAndDensitiesAreAwkward(int elements) throws Exception {
    SplittableRandom random = new SplittableRandom(elements);
    for (double density : new double[] {0, 0.0001, 0.02, 0.3, 0.5, 0.7, 0.98, 0.9999, 1}) {
      // Given: runs of both kinds, as importance leaves them
      boolean[] kept = new boolean[elements];
      boolean run = false;
      for (int i = 0; i < elements; i++) {
        run = random.nextInt(5) == 0 ? random.nextDouble() < density : run;
        kept[i] = run;
      }
      // When
      byte[] encoded = encode(kept);
      // Then
      assertThat(decode(encoded, elements)).isEqualTo(kept);
      assertThat(encoded.length)
          .as("no worse than a bitmap but for a byte per block")
          .isLessThanOrEqualTo((int) MaskBlocks.count(elements) * 2 + elements / 8);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8, '', the mask ends before the tensor does",
    "8, 03, the mask has a block of unknown form 3",
    "8, 30, the mask has a block of unknown form 48",
    "8, 00, a bitmap of the mask is cut off",
    "7, 0080, a bitmap of the mask keeps positions beyond its block",
    "8, 0101, the mask goes on after the tensor's end",
    "64, 1000, a block of the mask is cut off",
    "64, 104000ff, a block of the mask has more positions than elements",
    "64, 10000000, a block of the mask is cut off or longer than its bitmap",
    "64, 1f000000000000, a block of the mask is cut off or longer than its bitmap",
    "16, 150000ff, a block of the mask is cut off or longer than its bitmap",
    "64, 1500009f, a block of the mask has positions beyond its end",
    "64, 10000003, a block of the mask is not filled up with zeros",
  })
  void shouldRefuseMaskWhenItBreaksARule(int elements, String hex, String rule) {
    // Given
    byte[] encoded = HexFormat.of().parseHex(hex);
    // When
    var refusal =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(() -> decode(encoded, elements));
    // Then
    refusal.withMessage("delta.safetensors: tensor 'mask/w': %s", rule);
  }

  @Test
  void shouldNeverFailOtherwiseWhenBytesAreRandom() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 3000; i++) {
      // Given
      byte[] encoded = new byte[random.nextInt(40)];
      random.nextBytes(encoded);
      if (encoded.length > 0 && random.nextBoolean()) {
        encoded[0] = (byte) random.nextInt(0x10, 0x30);
      }
      int elements = random.nextInt(1, 300);
      // When
      boolean[] kept;
      try {
        kept = decode(encoded, elements);
      } catch (BadInputException e) {
        continue;
      } catch (Exception e) {
        throw new AssertionError(HexFormat.of().formatHex(encoded) + " of " + elements, e);
      }
      // Then
      assertThat(kept).hasSize(elements);
    }
  }

  private static char[] positions(String list) {
    StringBuilder positions = new StringBuilder();
    for (String range : list == null ? new String[0] : list.split(" ")) {
      String[] ends = range.split("-");
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int i = Integer.parseInt(ends[0]); i <= last; i++) {
        positions.append((char) i);
      }
    }
    return positions.toString().toCharArray();
  }

  private static byte[] encode(boolean[] kept) {
    StoredMaskEncoder encoder = new StoredMaskEncoder();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] code = new byte[StoredMaskEncoder.MAX_BLOCK_BYTES];
    for (int b = 0; b < MaskBlocks.count(kept.length); b++) {
      int length = MaskBlocks.length(kept.length, b);
      char[] positions = new char[length];
      int count = 0;
      for (int i = 0; i < length; i++) {
        if (kept[b * MaskBlocks.ELEMENTS + i]) {
          positions[count++] = (char) i;
        }
      }
      out.write(code, 0, encoder.encode(positions, count, length, code));
    }
    return out.toByteArray();
  }

  private static boolean[] decode(byte[] encoded, int elements) throws IOException {
    boolean[] kept = new boolean[elements];
    StoredMaskReader reader =
        new StoredMaskReader(Path.of("delta.safetensors"), new HeapTensor("mask/w", encoded));
    char[] positions = new char[MaskBlocks.ELEMENTS];
    for (int b = 0; b < MaskBlocks.count(elements); b++) {
      int count = reader.next(MaskBlocks.length(elements, b), positions);
      for (char position : Arrays.copyOf(positions, count)) {
        kept[b * MaskBlocks.ELEMENTS + position] = true;
      }
    }
    reader.finish();
    return kept;
  }
}
