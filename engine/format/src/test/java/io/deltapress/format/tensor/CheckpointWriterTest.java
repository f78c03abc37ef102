package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
  private static final TensorInfo A = new TensorInfo("a", DType.U8, Shape.of(60));
  private static final TensorInfo B = new TensorInfo("b", DType.F32, Shape.of(10));
  private static final TensorInfo C = new TensorInfo("c", DType.U8, Shape.of(1));
  private static final TensorInfo EMPTY = new TensorInfo("d", DType.F64, Shape.of(0));
  private static final TensorInfo LARGE = new TensorInfo("e", DType.U8, Shape.of(500));

  @TempDir private Path parent;

  private static void writeAll(CheckpointWriter writer) throws IOException {
    for (TensorInfo info : writer.order()) {
      byte[] bytes = new byte[(int) info.byteLength()];
      java.util.Arrays.fill(bytes, (byte) info.name().charAt(0));
      writer.write(info.name(), ByteBuffer.wrap(bytes));
    }
  }

  @Test
  void shouldWriteOneFileWhenThePathIsThatOfAFile() throws IOException {
    // Given
    Path target = parent.resolve("out.safetensors");

    // When
    try (CheckpointWriter writer =
        CheckpointWriter.create(target, List.of(A, B, EMPTY), Map.of("k", "v"), 1)) {
      writeAll(writer);
      writer.copyOtherFiles(parent);
      writer.commit();
    }

    // Then
    assertThat(parent.toFile().list()).containsExactly("out.safetensors");
    try (Checkpoint checkpoint = Checkpoints.open(target)) {
      assertThat(checkpoint.tensors()).containsOnlyKeys("a", "b", "d");
      assertThat(checkpoint.metadata()).containsEntry("k", "v");
    }
  }

  @Test
  void shouldWriteDirectoryWithOneFileWhenItIsSmall() throws IOException {
    // Given
    Path target = parent.resolve("out");

    // When
    try (CheckpointWriter writer = CheckpointWriter.create(target, List.of(A, B), Map.of(), 100)) {
      writeAll(writer);
      writer.commit();
    }

    // Then
    assertThat(parent.toFile().list()).containsExactly("out");
    assertThat(target.toFile().list()).containsExactly("model.safetensors");
  }

  @Test
  void shouldWriteShardsAndIndexWhenItIsLarge() throws IOException {
    // Given
    Path target = parent.resolve("out");

    // When
    try (CheckpointWriter writer =
        CheckpointWriter.create(target, List.of(LARGE, C, A, EMPTY, B), Map.of("k", "v"), 100)) {
      writeAll(writer);
      writer.commit();
    }

    // Then
    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder(
            "model-00001-of-00003.safetensors",
            "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors",
            "model.safetensors.index.json");
    assertThat(target.resolve("model.safetensors.index.json"))
        .content()
        .isEqualToIgnoringWhitespace(
            """
            {
              "metadata" : {
                "total_size" : 601
              },
              "weight_map" : {
                "a" : "model-00001-of-00003.safetensors",
                "b" : "model-00001-of-00003.safetensors",
                "c" : "model-00002-of-00003.safetensors",
                "d" : "model-00002-of-00003.safetensors",
                "e" : "model-00003-of-00003.safetensors"
              }
            }
            """);
    try (Checkpoint checkpoint = Checkpoints.open(target)) {
      assertThat(checkpoint.tensors().values()).containsExactly(A, B, C, EMPTY, LARGE);
      assertThat(checkpoint.data("e").slice(499, 1).get(0)).isEqualTo((byte) 'e');
      assertThat(checkpoint.data("b").slice(39, 1).get(0)).isEqualTo((byte) 'b');
      assertThat(checkpoint.metadata()).containsEntry("k", "v");
    }
  }

  @Test
  void shouldCopyTensorsOfAnotherCheckpoint() throws IOException {
    // Given
    Path source = parent.resolve("source.safetensors");
    try (CheckpointWriter writer = CheckpointWriter.create(source, List.of(A, B, C), Map.of(), 1)) {
      writeAll(writer);
      writer.commit();
    }
    Path target = parent.resolve("target.safetensors");

    // When
    try (Checkpoint checkpoint = Checkpoints.open(source);
        CheckpointWriter writer =
            CheckpointWriter.create(target, checkpoint.tensors().values(), Map.of(), 1)) {
      for (TensorInfo info : writer.order()) {
        writer.copy(checkpoint.data(info.name()));
      }
      writer.commit();
    }

    // Then
    assertThat(target).hasSameBinaryContentAs(source);
  }

  @Test
  void shouldWriteAllOfACheckpointAsAModel() throws IOException {
    // Given
    Path file = parent.resolve("source.safetensors");
    try (CheckpointWriter writer =
        CheckpointWriter.create(file, List.of(A, B, C), Map.of("k", "v"), 1)) {
      writeAll(writer);
      writer.commit();
    }
    Path like = Files.createDirectory(parent.resolve("like"));
    Files.writeString(like.resolve("config.json"), "{}");
    Files.writeString(like.resolve("model.safetensors"), "not taken");
    Path target = parent.resolve("model");
    List<Long> told = new ArrayList<>();

    // When
    try (Checkpoint source = Checkpoints.open(file)) {
      CheckpointWriter.writeModel(source, like, target, told::add);
    }

    // Then
    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder("model.safetensors", "config.json");
    assertThat(target.resolve("model.safetensors")).hasSameBinaryContentAs(file);
    assertThat(told).containsExactlyInAnyOrder(A.byteLength(), B.byteLength(), C.byteLength());
  }

  @Test
  void shouldCopyOtherFilesButNoWeights() throws IOException {
    // Given
    Path source = Files.createDirectory(parent.resolve("source"));
    for (String name :
        List.of(
            "config.json",
            "tokenizer.json",
            "README.md",
            ".gitattributes",
            "model.safetensors",
            "old.safetensors.index.json",
            "pytorch_model.bin",
            "model.GGUF")) {
      Files.writeString(source.resolve(name), name);
    }
    Files.createDirectory(source.resolve("onnx"));
    Path secret = Files.writeString(parent.resolve("secret"), "secret");
    Files.createSymbolicLink(source.resolve("chat_template.jinja"), secret);
    Path target = parent.resolve("out");

    // When
    try (CheckpointWriter writer = CheckpointWriter.create(target, List.of(C), Map.of(), 1)) {
      writer.copyOtherFiles(source);
      writeAll(writer);
      writer.commit();
    }

    // Then
    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder(
            "model.safetensors", "config.json", "tokenizer.json", "README.md");
    assertThat(target.resolve("config.json")).hasContent("config.json");
  }

  @Test
  void shouldLeaveNothingWhenNotCommitted() throws IOException {
    // Given
    Path target = parent.resolve("out");

    // When
    try (CheckpointWriter writer =
        CheckpointWriter.create(target, List.of(A, B, LARGE), Map.of(), 50)) {
      writeAll(writer);
    }

    // Then
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void shouldRefuseCommitWhenATensorIsNotComplete() throws IOException {
    // Given
    Path target = parent.resolve("out");
    try (CheckpointWriter writer =
        CheckpointWriter.create(target, List.of(A, LARGE), Map.of(), 50)) {
      writer.write("a", ByteBuffer.allocate(60));

      // When, Then
      assertThatThrownBy(writer::commit)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("tensor e lacks 500 bytes");
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void shouldUseDirectoryThatIsEmpty() throws IOException {
    // Given
    Path target = Files.createDirectory(parent.resolve("out"));

    // When
    try (CheckpointWriter writer = CheckpointWriter.create(target, List.of(), Map.of(), 50)) {
      writer.commit();
    }

    // Then
    assertThat(target.toFile().list()).containsExactly("model.safetensors");
  }

  @Test
  void shouldRefuseDirectoryWithSomethingInIt() throws IOException {
    // Given
    Files.writeString(parent.resolve("file"), "");

    // When, Then
    assertThatThrownBy(() -> CheckpointWriter.create(parent, List.of(A), Map.of(), 50))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            parent
                + ": exists already and is no empty directory; remove it or choose another path");
  }

  @Test
  void shouldRefuseDirectoryWhoseParentIsMissing() {
    // Given
    Path target = parent.resolve("missing").resolve("out");

    // When, Then
    assertThatThrownBy(() -> CheckpointWriter.create(target, List.of(A), Map.of(), 50))
        .isInstanceOf(BadInputException.class)
        .hasMessage(target + ": its parent does not exist; create it or choose another path");
  }
}
