package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.ProgressListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** What is written is what is read, for any tensors, in one file or in many. */
class RoundTripTest {
  private Path directory = Path.of("");

  @BeforeTry
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("deltapress-round-trip");
  }

  @AfterTry
  void deleteDirectory() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Provide
  Arbitrary<List<TensorInfo>> tensors() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.strings().withCharRange('a', 'd').withChars(".\"\\ /").ofMaxLength(12),
            Arbitraries.strings().all().ofMaxLength(6).filter(RoundTripTest::isName));
    Arbitrary<Shape> shapes =
        Arbitraries.longs()
            .between(0, 9)
            .array(long[].class)
            .ofMaxSize(4)
            .map(RoundTripTest::wholeBytes);
    return Combinators.combine(names, Arbitraries.of(DType.class), shapes)
        .as(TensorInfo::new)
        .list()
        .ofMaxSize(12)
        .uniqueElements(TensorInfo::name);
  }

  private static boolean isName(String text) {
    return TensorNames.brokenRule(text).isEmpty();
  }

  /** A last dimension of eight fills whole bytes whatever the type. */
  private static Shape wholeBytes(long[] dimensions) {
    long[] shape = dimensions.clone();
    if (shape.length == 0) {
      return Shape.of(8);
    }
    shape[shape.length - 1] *= 8;
    return Shape.of(shape);
  }

  private static Map<String, byte[]> randomBytes(List<TensorInfo> tensors, long seed) {
    Random random = new Random(seed);
    Map<String, byte[]> bytes = new HashMap<>();
    for (TensorInfo info : tensors) {
      byte[] values = new byte[(int) info.byteLength()];
      random.nextBytes(values);
      bytes.put(info.name(), values);
    }
    return bytes;
  }

  private static void write(
      Path target, List<TensorInfo> tensors, Map<String, byte[]> bytes, long shardBytes)
      throws IOException {
    try (CheckpointWriter writer =
        CheckpointWriter.create(target, tensors, Map.of("k\n", "v\u0000é"), shardBytes)) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), ByteBuffer.wrap(bytes.get(info.name())));
      }
      writer.commit();
    }
  }

  private static void assertHolds(
      Checkpoint checkpoint, List<TensorInfo> tensors, Map<String, byte[]> bytes)
      throws IOException {
    assertThat(checkpoint.tensors().values()).containsExactlyInAnyOrderElementsOf(tensors);
    for (TensorInfo info : tensors) {
      byte[] read = new byte[(int) info.byteLength()];
      checkpoint.data(info.name()).copyTo(0, read, 0, read.length);
      assertThat(read).as(info.name()).isEqualTo(bytes.get(info.name()));
    }
  }

  @Property(tries = 120, edgeCases = EdgeCasesMode.NONE)
  void shouldReadWhatWasWrittenInOneFile(
      @ForAll("tensors") List<TensorInfo> tensors, @ForAll long seed) throws IOException {
    // Given
    Path file = directory.resolve("m.safetensors");
    Map<String, byte[]> bytes = randomBytes(tensors, seed);

    // When
    write(file, tensors, bytes, 1);

    // Then
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertHolds(checkpoint, tensors, bytes);
      assertThat(checkpoint.metadata()).isEqualTo(Map.of("k\n", "v\u0000é"));
    }
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void shouldGiveSameTensorsAndDigestHoweverTheyAreSharded(
      @ForAll("tensors") List<TensorInfo> tensors,
      @ForAll long seed,
      @ForAll @LongRange(min = 100, max = 20_000) long shardBytes)
      throws IOException {
    // Given
    Map<String, byte[]> bytes = randomBytes(tensors, seed);
    write(directory.resolve("m.safetensors"), tensors, bytes, 1);
    write(directory.resolve("m"), tensors, bytes, shardBytes);
    DigestCache cache = new DigestCache(directory.resolve("cache"));

    try (Checkpoint single = Checkpoints.open(directory.resolve("m.safetensors"));
        Checkpoint sharded = Checkpoints.open(directory.resolve("m"))) {
      // When
      WeightsDigest ofShards = cache.weightsDigest(sharded, ProgressListener.none());

      // Then
      assertHolds(sharded, tensors, bytes);
      assertThat(ofShards).isEqualTo(cache.weightsDigest(single, ProgressListener.none()));
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void shouldReadSameElementsByCopyAsBySlice(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 200) int offset,
      @ForAll @IntRange(min = 0, max = 20) int count)
      throws IOException {
    // Given
    TensorInfo info = new TensorInfo("w", DType.U8, Shape.of(400));
    Map<String, byte[]> bytes = randomBytes(List.of(info), seed);
    Path file = directory.resolve("m.safetensors");
    write(file, List.of(info), bytes, 1);
    long[] longs = new long[count];
    int[] ints = new int[count];
    short[] shorts = new short[count];

    // When
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      checkpoint.data("w").copyTo(offset, longs, 0, count);
      checkpoint.data("w").copyTo(offset, ints, 0, count);
      checkpoint.data("w").copyTo(offset, shorts, 0, count);
    }

    // Then
    ByteBuffer expected = ByteBuffer.wrap(bytes.get("w")).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      assertThat(longs[i]).isEqualTo(expected.getLong(offset + i * Long.BYTES));
      assertThat(ints[i]).isEqualTo(expected.getInt(offset + i * Integer.BYTES));
      assertThat(shorts[i]).isEqualTo(expected.getShort(offset + i * Short.BYTES));
    }
  }
}
