package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoArraysLeft.class)
class ModelDirectoryTest {

  private static final Path BF16 = Fixtures.path("llama/grouped-query-tied-bf16");

  @TempDir private Path directory;

  @Test
  void shouldWriteTheSameWeightsWhenBfloat16WasRead() throws IOException {
    // Given: the fixture's directory also holds the expected logits, which are no part of the model
    Path only = copyOf(info -> info);
    Path out = directory.resolve("saved");
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, only)) {

      // When
      ModelDirectory.save(model, only, out);
    }

    // Then
    assertThat(ModelDirectory.weightsDigest(out)).isEqualTo(ModelDirectory.weightsDigest(only));
    assertThat(out.resolve("config.json")).hasSameBinaryContentAs(only.resolve("config.json"));
  }

  @Test
  void shouldNameTheTensorWhenItHasAnotherShape() throws IOException {
    // Given
    Path source = copyOf(info -> info);
    String config = Files.readString(source.resolve("config.json"));
    Files.writeString(
        source.resolve("config.json"),
        config.replace("\"intermediate_size\": 48", "\"intermediate_size\": 50"));
    try (NDManager manager = TensorRuntime.newManager()) {

      // When
      assertThatThrownBy(() -> ModelDirectory.load(manager, source))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              source
                  + ": tensor 'model.layers.0.mlp.down_proj.weight': shape is [32, 48],"
                  + " config.json asks for [32, 50]");
    }
  }

  @Test
  void shouldNameTheTensorWhenItIsMissing() throws IOException {
    // Given
    Path source = copyOf(info -> info);
    String config = Files.readString(source.resolve("config.json"));
    Files.writeString(
        source.resolve("config.json"),
        config.replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"));
    try (NDManager manager = TensorRuntime.newManager()) {

      // When
      assertThatThrownBy(() -> ModelDirectory.load(manager, source))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              source
                  + ": tensor 'lm_head.weight': missing; config.json describes a model that has it");
    }
  }

  @Test
  void shouldNameTheTensorWhenItsTypeIsNoFloatOfTheEngine() throws IOException {
    // Given
    Path source = copyOf(info -> new TensorInfo(info.name(), DType.I16, info.shape()));
    try (NDManager manager = TensorRuntime.newManager()) {

      // When
      assertThatThrownBy(() -> ModelDirectory.load(manager, source))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              source
                  + ": tensor 'model.embed_tokens.weight': dtype I16 cannot be computed with;"
                  + " convert it to BF16, F16 or F32");
    }
  }

  /** A copy of the bf16 fixture, with its tensors declared otherwise. */
  private Path copyOf(UnaryOperator<TensorInfo> declared) throws IOException {
    Path copy = Files.createDirectory(directory.resolve("source"));
    Files.copy(BF16.resolve("config.json"), copy.resolve("config.json"));
    try (Checkpoint source = Checkpoints.open(BF16.resolve("model.safetensors"))) {
      List<TensorInfo> infos = source.tensors().values().stream().map(declared).toList();
      try (SafetensorsWriter writer =
          SafetensorsWriter.create(copy.resolve("model.safetensors"), infos, Map.of())) {
        for (TensorInfo info : writer.order()) {
          ByteBuffer bytes = source.data(info.name()).slice(0, (int) info.byteLength());
          writer.write(info.name(), bytes);
        }
        writer.commit();
      }
    }
    return copy;
  }
}
