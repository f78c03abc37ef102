package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.FormatException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.delta.LinearInput;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the bytes of an artifact, there is the right result or a clear refusal. */
class ArtifactFuzzTest {
  @TempDir Path directory;
  private Workbench bench;
  private byte[] intact;

  @BeforeEach
  void compress() throws IOException {
    bench = new Workbench(directory);
    Pair pair = new Pair(1).weights("a", DType.BF16, 20, 20).weights("b", DType.F32, 50);
    double[] norms = new double[20];
    Arrays.fill(norms, 2);
    bench.compress(
        pair,
        CompressionSettings.builder(Method.WANDA, 0.8)
            .values(ValueCode.INT8)
            .rescale(RescaleFactors.of(1, Map.of("b", 0.75)))
            .inputNorms(
                InputNorms.of(Map.of("a", new LinearInput(Orientation.OUTPUT_INPUT, norms))))
            .include(List.of("*"))
            .note("selection", "{}")
            .build());
    intact = Files.readAllBytes(bench.path("delta.safetensors"));
  }

  @Test
  void shouldRefuseWhenAnyByteIsChanged() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int at = 0; at < intact.length; at++) {
      // Given
      byte[] damaged = intact.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      // When
      Optional<WeightsDigest> result = verify(damaged);
      // Then
      assertThat(result).as("byte %d of %d changed", at, intact.length).isEmpty();
    }
  }

  @Test
  void shouldRefuseWhenFileIsCutOff() throws IOException {
    for (int length = 0; length < intact.length; length += 37) {
      // Given
      byte[] cut = Arrays.copyOf(intact, length);
      // When
      Optional<WeightsDigest> result = verify(cut);
      // Then
      assertThat(result).isEmpty();
    }
  }

  @Test
  void shouldRefuseWhenForgerSealsTheFileAnew() throws IOException {
    // Given: damage that its maker covered up, so that only the inner checks are left
    SplittableRandom random = new SplittableRandom(2);
    WeightsDigest promised = verify(intact).orElseThrow();
    int header = 8 + (int) ByteBuffer.wrap(intact).order(ByteOrder.LITTLE_ENDIAN).getLong();
    int digits =
        new String(intact, StandardCharsets.ISO_8859_1).indexOf("content_sha256\":\"") + 17;
    for (int i = 0; i < 600; i++) {
      byte[] forged = intact.clone();
      int at = i % 2 == 0 ? random.nextInt(header) : random.nextInt(header, intact.length);
      if (at >= digits - 20 && at < digits + 64) {
        continue;
      }
      forged[at] ^= (byte) (1 << random.nextInt(8));
      Optional<byte[]> sealed = Reseal.seal(bench.path("forged.safetensors"), forged);
      if (sealed.isEmpty()) {
        continue;
      }
      // When
      Optional<WeightsDigest> result = verify(sealed.get());
      // Then: fields for people may have changed, or a value by less than the result shows
      assertThat(result.orElse(promised)).as("byte %d changed", at).isEqualTo(promised);
    }
  }

  /** What the artifact makes of the base, if it is not refused. */
  private Optional<WeightsDigest> verify(byte[] artifact) throws IOException {
    Path file = bench.path("damaged.safetensors");
    Files.write(file, artifact);
    try (Checkpoint base = Checkpoints.open(bench.path("base.safetensors"));
        DeltaArtifact opened = DeltaArtifact.open(file)) {
      return Optional.of(
          new DeltaApplier(new DigestCache(bench.path("cache")))
              .verify(base, opened, ProgressListener.none())
              .result());
    } catch (FormatException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
      return Optional.empty();
    }
  }
}
