package io.deltapress.format.edit;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.FormatException;
import io.deltapress.format.artifact.Reseal;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the bytes of an edit, there is the right result or a clear refusal. */
class EditFuzzTest {
  @TempDir private Path directory;
  private EditBench bench;
  private byte[] intact;

  @BeforeEach
  void edit() throws IOException {
    bench =
        new EditBench(directory, 1)
            .weight("q", DType.BF16, Orientation.OUTPUT_INPUT, 6, 4)
            .weight("v", DType.F32, Orientation.INPUT_OUTPUT, 3, 5);
    intact = Files.readAllBytes(bench.write("intact", bench.shift("q", 2, 1), bench.shift("v", 1)));
  }

  @Test
  void shouldRefuseWhenAnyByteIsChanged() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int at = 0; at < intact.length; at++) {
      // Given
      byte[] damaged = intact.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));

      // When
      Optional<byte[]> result = result(damaged);

      // Then
      assertThat(result).as("byte %d of %d changed", at, intact.length).isEmpty();
    }
  }

  @Test
  void shouldRefuseWhenFileIsCutOff() throws IOException {
    for (int length = 0; length < intact.length; length += 7) {
      // Given
      byte[] cut = Arrays.copyOf(intact, length);

      // When
      Optional<byte[]> result = result(cut);

      // Then
      assertThat(result).isEmpty();
    }
  }

  /** An edit has no promise of its result, so a forged factor counts; the rules must hold. */
  @Test
  void shouldReadOrRefuseInOneLineWhenForgerSealsTheFileAnew() throws IOException {
    // Given
    SplittableRandom random = new SplittableRandom(2);
    int readable = 0;
    for (int i = 0; i < 1500; i++) {
      byte[] forged = intact.clone();
      for (int j = random.nextInt(3); j >= 0; j--) {
        forged[random.nextInt(forged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Optional<byte[]> sealed = Reseal.seal(bench.path("forged.safetensors"), forged);
      if (sealed.isEmpty()) {
        continue;
      }

      // When
      Optional<byte[]> result = result(sealed.get());

      // Then
      readable += result.isPresent() ? 1 : 0;
    }
    assertThat(readable).isBetween(100, 1400);
  }

  /** The edited weights, if the artifact is not refused. */
  private Optional<byte[]> result(byte[] artifact) throws IOException {
    Path file = bench.path("damaged.safetensors");
    Files.write(file, artifact);
    try (Checkpoint foundation = bench.foundation();
        EditArtifact edit = EditArtifact.open(file)) {
      EditedCheckpoint edited = EditedCheckpoint.of(foundation, List.of(edit));
      return Optional.of(EditBench.bytes(edited.data("q")));
    } catch (FormatException e) {
      assertThat(e.getMessage()).startsWith(directory.toString()).doesNotContain("\n");
      assertThat(e.getMessage().length()).isLessThan(1000);
      return Optional.empty();
    }
  }
}
