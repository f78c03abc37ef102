package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The independent reader must read every kind of artifact as this one does, bit for bit. */
class PythonReaderTest {
  private static final Path READER = Path.of("python", "deltapress_reader.py");

  @TempDir Path directory;

  static Stream<Arguments> kinds() {
    Stream<Arguments> everyCode =
        Stream.of(Method.DARE, Method.MAGNITUDE)
            .flatMap(
                method ->
                    Stream.of(ValueCode.values()).map(code -> Arguments.of(method, code, 0.97)));
    return Stream.concat(
        everyCode,
        Stream.of(
            Arguments.of(Method.DARE, ValueCode.INT4, 0.3),
            Arguments.of(Method.MAGNITUDE, ValueCode.INT4, 0.3),
            Arguments.of(Method.STRUCTURAL, ValueCode.EXACT, 0.97),
            Arguments.of(Method.STRUCTURAL, ValueCode.INT4, 0.3)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldAgreeWithPythonReaderWhenArtifactIsOneFile(
      Method method, ValueCode values, double pruneRate) throws Exception {
    // Given
    Path artifact = directory.resolve("delta.safetensors");
    Path expected = compressAndApply(artifact, Long.MAX_VALUE, method, values, pruneRate);
    // When
    runPython(artifact, directory.resolve("python.safetensors"));
    // Then
    assertThat(Pair.read(directory.resolve("python.safetensors")))
        .containsExactlyEntriesOf(Pair.read(expected));
  }

  @Test
  void shouldAgreeWithPythonReaderWhenArtifactIsSharded() throws Exception {
    // Given
    Path artifact = directory.resolve("delta");
    Path expected = compressAndApply(artifact, 200_000, Method.DARE, ValueCode.INT8, 0.9);
    // When
    runPython(artifact, directory.resolve("python.safetensors"));
    // Then
    assertThat(Pair.names(artifact)).hasSizeGreaterThan(3);
    assertThat(Pair.read(directory.resolve("python.safetensors")))
        .containsExactlyEntriesOf(Pair.read(expected));
  }

  @Test
  void shouldStayBelow175LinesSoThatItCanBeReadAtOnce() throws Exception {
    // When
    List<String> lines = Files.readAllLines(READER);
    // Then
    assertThat(lines).hasSizeLessThan(175);
  }

  private Path compressAndApply(
      Path artifact, long shardBytes, Method method, ValueCode values, double pruneRate)
      throws IOException {
    Pair pair =
        new Pair(3)
            .weights("größe/重み.weight", DType.BF16, 200, 700)
            .weights("half", DType.F16, 70_001)
            .weights("single", DType.F32, 65_536)
            .weights("double", DType.F64, 999)
            .weights("scalar", DType.F32)
            .tensor(new TensorInfo("same", DType.I64, Shape.of(1)), new byte[8], new byte[8])
            .tensor(
                new TensorInfo("ids", DType.I64, Shape.of(1)),
                new byte[8],
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8})
            .fineTuned(new TensorInfo("new", DType.BF16, Shape.of(2)), new byte[] {1, 2, 3, 4});
    Path out = directory.resolve("java.safetensors");
    CompressionSettings settings =
        Workbench.settings(method, pruneRate, 0.25, values).toBuilder().seed(-5).build();
    DigestCache cache = new DigestCache(directory.resolve("cache"));
    try (Checkpoint base = pair.writeBase(directory.resolve("base.safetensors"));
        Checkpoint fineTuned = pair.writeFineTuned(directory.resolve("tuned.safetensors"))) {
      new DeltaCompressor(cache)
          .compress(base, fineTuned, settings, artifact, shardBytes, ProgressListener.none());
      try (DeltaArtifact opened = DeltaArtifact.open(artifact)) {
        new DeltaApplier(cache).apply(base, opened, out, ProgressListener.none());
      }
    }
    return out;
  }

  private void runPython(Path artifact, Path out) throws Exception {
    PythonScript.run("deltapress_reader.py", directory.resolve("base.safetensors"), artifact, out);
  }
}
