package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class CheckpointFuzzTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldRefuseInOneLineOrReadWhateverIsFed(long seed) throws IOException {
    // Given
    CheckpointFuzz fuzz = new CheckpointFuzz(directory);

    // When
    CheckpointFuzz.Outcome outcome = fuzz.run(seed, 1500);

    // Then both happen often enough for the run to mean something
    assertThat(outcome.accepted()).isGreaterThan(20);
    assertThat(outcome.refused()).isGreaterThan(1000);
  }

  @Test
  void shouldTryTheSameInputsWhenTheSeedIsTheSame() throws IOException {
    // Given
    CheckpointFuzz fuzz = new CheckpointFuzz(directory);

    // When
    CheckpointFuzz.Outcome first = fuzz.run(9, 200);
    CheckpointFuzz.Outcome second = fuzz.run(9, 200);

    // Then
    assertThat(second).isEqualTo(first);
  }

  @Test
  void shouldRefuseTooManyTensorsWithoutReadingThemAll() throws IOException {
    // Given 30 MB of the smallest entries there can be
    Path file = directory.resolve("many.safetensors");
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i <= Checkpoints.MAX_TENSORS; i++) {
      header
          .append(i == 0 ? "\"" : ",\"")
          .append(Integer.toHexString(i))
          .append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(Handmade.bytes(json));
    }

    // When, Then
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": checkpoint has more than 500000 tensors; split it up");
  }
}
