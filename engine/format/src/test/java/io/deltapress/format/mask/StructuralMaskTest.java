package io.deltapress.format.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StructuralMaskTest {

  static Stream<JsonNode> vectors() throws IOException {
    try (InputStream json = StructuralMaskTest.class.getResourceAsStream("dp-structural-1.json")) {
      JsonNode matrices = new ObjectMapper().readTree(json).get("matrices");
      return StreamSupport.stream(matrices.spliterator(), false);
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void shouldDrawFrozenElementsWhenSeedNameAndShapeAreGiven(JsonNode vector) throws Exception {
    // Given
    long seed = Long.parseUnsignedLong(vector.get("seed").asText(), 16);
    KeepProbability keep = new KeepProbability(vector.get("k").asLong());
    String name = vector.get("tensor").asText();
    long[] shape =
        StreamSupport.stream(vector.get("shape").spliterator(), false)
            .mapToLong(JsonNode::asLong)
            .toArray();
    // When
    List<Long> elements = draw(seed, name, keep, shape);
    // Then
    assertThat(StructuralMaskGenerator.perAxis(keep).k())
        .isEqualTo(vector.get("kPerAxis").asLong());
    assertThat(TensorKey.ofAxis(seed, 0, name)).isEqualTo(hex(vector.get("rowKey")));
    assertThat(TensorKey.ofAxis(seed, 1, name)).isEqualTo(hex(vector.get("columnKey")));
    assertThat(elements).hasSize(vector.get("count").asInt());
    assertThat(elements).startsWith(longs(vector.get("first")));
    assertThat(sha256(elements)).isEqualTo(vector.get("sha256").asText());
  }

  @Property(tries = 60)
  void shouldEqualReferenceWhateverTheMatrix(
      @ForAll long seed,
      @ForAll @LongRange(min = 1 << 16, max = 1L << 32) long k,
      @ForAll @IntRange(min = 1, max = 200) int rows,
      @ForAll @IntRange(min = 1, max = 400) int columns,
      @ForAll int nameSeed) {
    // Given
    String name = Integer.toString(nameSeed, Character.MAX_RADIX);
    // When
    List<Long> elements = draw(seed, name, new KeepProbability(k), rows, columns);
    // Then
    assertThat(elements)
        .isEqualTo(new ReferenceStructuralMask(seed, name, k, rows, columns).elements());
  }

  @ParameterizedTest
  @CsvSource({"1, 200000", "200000, 1", "2, 70001", "70001, 3", "3, 65536", "65536, 2", "1, 1"})
  void shouldEqualReferenceWhenAnAxisIsLongerThanABlock(int rows, int columns) {
    for (long k : new long[] {0, 42_949_673, 1L << 31, 1L << 32}) {
      // When
      List<Long> elements = draw(11, "w", new KeepProbability(k), rows, columns);
      // Then
      assertThat(elements)
          .as("k = %d", k)
          .isEqualTo(new ReferenceStructuralMask(11, "w", k, rows, columns).elements());
    }
  }

  @Test
  void shouldKeepWholeRowsAndColumnsOnly() {
    // Given
    KeepProbability keep = KeepProbability.ofPruneRate(0.9);
    // When
    List<Long> elements = draw(1, "w", keep, 300, 500);
    // Then: as many as kept rows times kept columns
    Set<Long> rows = new HashSet<>();
    Set<Long> columns = new HashSet<>();
    elements.forEach(
        element -> {
          rows.add(element / 500);
          columns.add(element % 500);
        });
    assertThat(elements).hasSize(rows.size() * columns.size());
    assertThat(rows).hasSizeBetween(50, 140);
    assertThat(columns).hasSizeBetween(100, 220);
  }

  @Test
  void shouldKeepTheShareAskedForOnAverageWhenMasksAreMany() {
    // Given: p = .99, the most extreme of the paper; both axes keep a tenth
    KeepProbability keep = KeepProbability.ofPruneRate(0.99);
    int masks = 400;
    long kept = 0;
    // When
    for (int seed = 0; seed < masks; seed++) {
      kept += draw(seed, "w", keep, 200, 200).size();
    }
    // Then: Var of a product of two binomials of mean 20 and variance 18, five deviations
    double variance = 18 * 18 + 2 * 20 * 20 * 18;
    assertThat((double) kept / masks).isCloseTo(400, within(5 * Math.sqrt(variance / masks)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 65536",
    "42949673, 429496729",
    "2147483648, 3037000499",
    "4294967295, 4294967295",
    "4294967296, 4294967296"
  })
  void shouldRoundSquareRootDownWhenAxesShareTheProbability(long k, long perAxis) {
    // When
    KeepProbability keep = StructuralMaskGenerator.perAxis(new KeepProbability(k));
    // Then: squared it is k / 2^32, but for less than 2^-31
    assertThat(keep.k()).isEqualTo(perAxis);
    assertThat(Math.pow(keep.k() / 0x1p32, 2)).isCloseTo(k / 0x1p32, within(0x1p-31));
  }

  @Test
  void shouldDrawThePlainMaskWhenTensorIsNoMatrix() {
    // Given
    KeepProbability keep = new KeepProbability(1L << 30);
    SeededMask plain = new MaskGenerator(3, keep).mask("w");
    for (long[] shape : new long[][] {{1000}, {10, 10, 10}, {}}) {
      // When
      List<Long> elements = draw(3, "w", keep, shape);
      // Then
      assertThat((long) elements.size()).isEqualTo(plain.count(Shape.of(shape).elementCount()));
    }
  }

  private static List<Long> draw(long seed, String name, KeepProbability keep, long... shape) {
    TensorInfo info = new TensorInfo(name, DType.F32, Shape.of(shape));
    char[] positions = new char[MaskBlocks.ELEMENTS];
    List<Long> elements = new ArrayList<>();
    try {
      MaskCursor cursor = new StructuralMaskGenerator(seed, keep).cursor(info);
      for (long b = 0; b < MaskBlocks.count(info.elementCount()); b++) {
        int kept = cursor.next(MaskBlocks.length(info.elementCount(), b), positions);
        for (int i = 0; i < kept; i++) {
          elements.add(b * MaskBlocks.ELEMENTS + positions[i]);
        }
      }
      cursor.finish();
    } catch (IOException e) {
      throw new AssertionError("a drawn mask reads nothing", e);
    }
    return elements;
  }

  private static long hex(JsonNode text) {
    return Long.parseUnsignedLong(text.asText(), 16);
  }

  private static Long[] longs(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asLong)
        .toArray(Long[]::new);
  }

  private static String sha256(List<Long> elements) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (long element : elements) {
      for (int i = 0; i < Long.BYTES; i++) {
        digest.update((byte) (element >>> (8 * i)));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
