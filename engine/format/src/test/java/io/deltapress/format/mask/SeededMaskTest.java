package io.deltapress.format.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
import org.junit.jupiter.params.provider.ValueSource;

class SeededMaskTest {
  private static final long K_99 = 42_949_673L;
  private static final long K_90 = 429_496_730L;

  static Stream<JsonNode> tables() throws IOException {
    return vectors("tables");
  }

  static Stream<JsonNode> blocks() throws IOException {
    return vectors("blocks");
  }

  @ParameterizedTest
  @MethodSource("tables")
  void shouldBuildFrozenTableWhenKeepProbabilityIsGiven(JsonNode vector) {
    // Given
    KeepProbability keep = new KeepProbability(vector.get("k").asLong());
    // When
    GapTable table = new GapTable(keep);
    // Then
    assertThat(table.size()).isEqualTo(vector.get("entries").asInt());
    for (int j = 0; j < 3 && j < table.size(); j++) {
      long s = Long.parseUnsignedLong(vector.get("first").get(Math.min(j, 2)).asText("0"), 16);
      assertThat(table.gap(s)).as("S(%d) itself is not below S(%d)", j + 1, j + 1).isEqualTo(j);
      assertThat(table.gap(s - 1)).as("one below S(%d)", j + 1).isGreaterThan(j);
    }
    assertThat(table.gap(0)).isEqualTo(table.size());
    assertThat(table.gap(-1)).isZero();
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void shouldDrawFrozenPositionsWhenSeedNameAndBlockAreGiven(JsonNode vector) throws Exception {
    // Given
    long seed = Long.parseUnsignedLong(vector.get("seed").asText(), 16);
    long block = vector.get("block").asLong();
    int length = MaskBlocks.length(vector.get("elements").asLong(), block);
    MaskGenerator generator =
        new MaskGenerator(seed, new KeepProbability(vector.get("k").asLong()));
    // When
    List<Integer> positions = draw(generator.mask(vector.get("tensor").asText()), block, length);
    // Then
    assertThat(TensorKey.of(seed, vector.get("tensor").asText()))
        .isEqualTo(Long.parseUnsignedLong(vector.get("key").asText(), 16));
    assertThat(positions).hasSize(vector.get("count").asInt());
    assertThat(positions).startsWith(integers(vector.get("first")));
    assertThat(positions).endsWith(integers(vector.get("last")));
    assertThat(sha256(positions)).isEqualTo(vector.get("sha256").asText());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 65_536, 4_294_967, K_99, K_90, 1L << 31, (1L << 32) - 1})
  void shouldEqualReferenceWhenBlocksAreAwkward(long k) {
    // Given
    String name = "model.layers.7.mlp.up_proj.weight";
    ReferenceMask reference = new ReferenceMask(99, name, k);
    SeededMask mask = new MaskGenerator(99, new KeepProbability(k)).mask(name);
    for (int length : new int[] {1, 2, 63, 64, 65, 4097}) {
      for (long block : new long[] {0, 1, 1L << 20, (1L << 31) + 5}) {
        // When
        List<Integer> positions = draw(mask, block, length);
        // Then
        assertThat(positions).isEqualTo(reference.positions(block, length));
      }
    }
  }

  @Property(tries = 60)
  void shouldEqualReferenceWhateverTheInput(
      @ForAll long seed,
      @ForAll @LongRange(min = 1 << 20, max = 1L << 32) long k,
      @ForAll @LongRange(max = 1L << 40) long block,
      @ForAll @IntRange(max = 3000) int length,
      @ForAll int nameSeed) {
    // Given
    String name = Integer.toString(nameSeed, Character.MAX_RADIX);
    // When
    List<Integer> positions =
        draw(new MaskGenerator(seed, new KeepProbability(k)).mask(name), block, length);
    // Then
    assertThat(positions).isEqualTo(new ReferenceMask(seed, name, k).positions(block, length));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536})
  void shouldKeepNothingOrEverythingWhenProbabilityIsZeroOrOne(int length) {
    // Given
    SeededMask nothing = new MaskGenerator(1, new KeepProbability(0)).mask("w");
    SeededMask everything = new MaskGenerator(1, new KeepProbability(1L << 32)).mask("w");
    // When
    List<Integer> none = draw(nothing, 0, length);
    List<Integer> all = draw(everything, 0, length);
    // Then
    assertThat(none).isEmpty();
    assertThat(all).hasSize(length);
    assertThat(all).isSorted();
  }

  @ParameterizedTest
  @CsvSource({
    "0.9, 58982.4, 230.4, 0.469",
    "0.99, 5898.24, 76.4, 0.0808",
    "0.999, 589.8, 24.3, 0.0114"
  })
  void shouldKeepAsManyAsExpectedWhenMatrixIsPruned(
      double pruneRate, double expected, double deviation, double entropy) {
    // Given: 768 x 768
    int elements = 768 * 768;
    KeepProbability keep = KeepProbability.ofPruneRate(pruneRate);
    // When
    long kept = new MaskGenerator(0, keep).mask("encoder.weight").count(elements);
    // Then: and with that many the mask has the entropy, in bits per parameter, of its rate
    double share = (double) kept / elements;
    assertThat((double) kept).isCloseTo(expected, within(5 * deviation));
    assertThat(-(share * Math.log(share) + (1 - share) * Math.log(1 - share)) / Math.log(2))
        .isCloseTo(entropy, within(entropy / 10));
  }

  @Test
  void shouldBeUnbiasedWhenAveragedOverManySeeds() {
    // Given: 2,000 masks of 10,000 positions at p = .9
    int masks = 2000;
    int[] keptAt = new int[10_000];
    KeepProbability keep = new KeepProbability(K_90);
    // When
    for (int seed = 0; seed < masks; seed++) {
      draw(new MaskGenerator(seed, keep).mask("w"), 0, keptAt.length)
          .forEach(position -> keptAt[position]++);
    }
    // Then: each position about 200 times, deviation 13.4; chi-square of all has deviation 141
    double expected = masks * 0.1;
    double chiSquare = 0;
    long total = 0;
    for (int kept : keptAt) {
      chiSquare += (kept - expected) * (kept - expected) / (expected * 0.9);
      total += kept;
    }
    assertThat((double) total).isCloseTo(2_000_000, within(5 * Math.sqrt(20_000_000 * 0.09)));
    assertThat(chiSquare).isCloseTo(keptAt.length, within(5 * Math.sqrt(2.0 * keptAt.length)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"block", "name", "seed"})
  void shouldBeIndependentWhenBlockNameOrSeedIsTheNext(String varied) {
    // Given: pairs of masks at p = .5 which differ in one thing by the least possible
    KeepProbability keep = new KeepProbability(1L << 31);
    int pairs = 40;
    int length = 4096;
    long bothKept = 0;
    // When
    for (int i = 0; i < pairs; i++) {
      boolean[] first = kept(new MaskGenerator(i, keep).mask("layer." + i), i, length);
      boolean[] second =
          switch (varied) {
            case "block" -> kept(new MaskGenerator(i, keep).mask("layer." + i), i + 1, length);
            case "name" -> kept(new MaskGenerator(i, keep).mask("layer." + (i + 1)), i, length);
            default -> kept(new MaskGenerator(i + 1, keep).mask("layer." + i), i, length);
          };
      for (int j = 0; j < length; j++) {
        bothKept += first[j] && second[j] ? 1 : 0;
      }
    }
    // Then: a quarter of all positions
    double n = (double) pairs * length;
    assertThat((double) bothKept).isCloseTo(n / 4, within(5 * Math.sqrt(n * 3 / 16)));
  }

  @Test
  void shouldDrawGeometricGapsWhenBlocksAreNeighbours() {
    // Given: gaps within 200 neighbouring blocks at p = .9; how often each of 0..29 occurs
    SeededMask mask = new MaskGenerator(5, new KeepProbability(K_90)).mask("w");
    long[] seen = new long[31];
    long gaps = 0;
    // When
    for (int block = 0; block < 200; block++) {
      List<Integer> positions = draw(mask, block, MaskBlocks.ELEMENTS);
      for (int i = 1; i < positions.size(); i++) {
        seen[Math.min(30, positions.get(i) - positions.get(i - 1) - 1)]++;
        gaps++;
      }
    }
    // Then: chi-square with 30 degrees of freedom stays below its 10^-6 quantile
    double chiSquare = 0;
    for (int gap = 0; gap <= 30; gap++) {
      double probability = Math.pow(0.9, gap) * (gap == 30 ? 1 : 0.1);
      double expected = gaps * probability;
      chiSquare += (seen[gap] - expected) * (seen[gap] - expected) / expected;
    }
    assertThat(chiSquare).isLessThan(85);
  }

  private static boolean[] kept(SeededMask mask, long block, int length) {
    boolean[] kept = new boolean[length];
    draw(mask, block, length).forEach(position -> kept[position] = true);
    return kept;
  }

  private static List<Integer> draw(SeededMask mask, long block, int length) {
    char[] positions = new char[MaskBlocks.ELEMENTS];
    int count = mask.positions(block, length, positions);
    List<Integer> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add((int) positions[i]);
    }
    return list;
  }

  private static Integer[] integers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asInt)
        .toArray(Integer[]::new);
  }

  private static String sha256(List<Integer> positions) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int position : positions) {
      digest.update((byte) position);
      digest.update((byte) (position >>> 8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Stream<JsonNode> vectors(String kind) throws IOException {
    try (InputStream json = SeededMaskTest.class.getResourceAsStream("dp-mask-1.json")) {
      return StreamSupport.stream(new ObjectMapper().readTree(json).get(kind).spliterator(), false);
    }
  }
}
