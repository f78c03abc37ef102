package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The independent reader must read every kind of artifact as this one does, bit for bit. */
class PythonReaderTest {
  private static final Path READER = Path.of("python", "deltapress_reader.py");
  private static Optional<String> python = Optional.empty();

  @TempDir Path directory;

  @BeforeAll
  static void findPython() {
    python =
        Stream.of("python3", "/usr/bin/python3").filter(PythonReaderTest::hasNumpy).findFirst();
  }

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
    assumeTrue(python.isPresent(), "neither python3 nor /usr/bin/python3 here has numpy");
    Path base = directory.resolve("base.safetensors");
    Process process =
        new ProcessBuilder(
                python.orElseThrow(),
                "-W",
                "error",
                READER.toString(),
                base.toString(),
                artifact.toString(),
                out.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static boolean hasNumpy(String candidate) {
    List<String> command = new ArrayList<>(List.of(candidate, "-c", "import numpy"));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
