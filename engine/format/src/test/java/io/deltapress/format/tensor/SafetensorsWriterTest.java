package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  private static final TensorInfo A = new TensorInfo("a", DType.U8, Shape.of(3));
  private static final TensorInfo B = new TensorInfo("b", DType.BF16, Shape.of(2));
  private static final TensorInfo C = new TensorInfo("c", DType.F16, Shape.of(1));
  private static final TensorInfo EMPTY = new TensorInfo("e", DType.F64, Shape.of(0, 4));
  private static final TensorInfo SCALAR = new TensorInfo("a\"é", DType.F64, Shape.of());

  @TempDir private Path directory;
  private Path target;

  @BeforeEach
  void nameTarget() {
    target = directory.resolve("m.safetensors");
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length);
    IntStream.of(values).forEach(value -> buffer.put((byte) value));
    return buffer.flip();
  }

  @Test
  void shouldWriteTheBytesOfTheRustImplementation() throws IOException {
    // Given the order of types and names, the keys and the padding of that implementation
    String header =
        ("{'__metadata__':{'format':'pt','x':'1'},"
                + "'a\\'é':{'dtype':'F64','shape':[],'data_offsets':[0,8]},"
                + "'e':{'dtype':'F64','shape':[0,4],'data_offsets':[8,8]},"
                + "'b':{'dtype':'BF16','shape':[2],'data_offsets':[8,12]},"
                + "'c':{'dtype':'F16','shape':[1],'data_offsets':[12,14]},"
                + "'a':{'dtype':'U8','shape':[3],'data_offsets':[14,17]}}")
            .replace('\'', '"');
    byte[] data = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    int unpadded = header.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    assertThat(unpadded % 8).isNotZero();
    byte[] expected = Handmade.bytes(header + " ".repeat(8 - unpadded % 8), data);

    // When
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            target, List.of(A, B, C, EMPTY, SCALAR), Map.of("x", "1", "format", "pt"))) {
      writer.write(SCALAR.name(), bytes(0, 1, 2, 3, 4, 5, 6, 7));
      writer.write("b", bytes(8, 9), bytes(10));
      writer.write("b", bytes(11));
      writer.write("c", bytes(12, 13));
      writer.write("a", bytes(14, 15, 16));
      writer.commit();
    }

    // Then
    assertThat(target).hasBinaryContent(expected);
  }

  @Test
  void shouldTellTheOrderInWhichTensorsAreWritten() throws IOException {
    // When
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(target, List.of(A, C, EMPTY, B, SCALAR), Map.of())) {

      // Then
      assertThat(writer.order()).containsExactly(SCALAR, EMPTY, B, C, A);
    }
  }

  @Test
  void shouldWriteFileWithoutTensors() throws IOException {
    // When
    try (SafetensorsWriter writer = SafetensorsWriter.create(target, List.of(), Map.of())) {
      writer.commit();
    }

    // Then
    assertThat(target).hasBinaryContent(Handmade.bytes("{}      "));
  }

  @Test
  void shouldLeaveNothingWhenNotCommitted() throws IOException {
    // When
    try (SafetensorsWriter writer = SafetensorsWriter.create(target, List.of(A), Map.of())) {
      writer.write("a", bytes(1, 2, 3));
    }

    // Then
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldKeepEarlierFileWhenNotCommitted() throws IOException {
    // Given
    Files.writeString(target, "earlier");

    // When
    try (SafetensorsWriter writer = SafetensorsWriter.create(target, List.of(A), Map.of())) {
      writer.write("a", bytes(1));
    }

    // Then
    assertThat(target).hasContent("earlier");
  }

  @Test
  void shouldRefuseCommitWhenATensorIsNotComplete() throws IOException {
    // Given
    try (SafetensorsWriter writer = SafetensorsWriter.create(target, List.of(A, B), Map.of())) {
      writer.write("b", bytes(1, 2, 3));

      // When, Then
      assertThatThrownBy(writer::commit)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("tensor b lacks 1 bytes");
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldRefuseTensorOutOfTurn() throws IOException {
    // Given
    try (SafetensorsWriter writer = SafetensorsWriter.create(target, List.of(A, B), Map.of())) {

      // When, Then
      assertThatThrownBy(() -> writer.write("a", bytes(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("it is the turn of tensor b (4 bytes left), not of a");
    }
  }

  @Test
  void shouldRefuseMoreBytesThanTheTensorHas() throws IOException {
    // Given
    try (SafetensorsWriter writer = SafetensorsWriter.create(target, List.of(A), Map.of())) {

      // When, Then
      assertThatThrownBy(() -> writer.write("a", bytes(1, 2, 3, 4)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("tensor a has 3 bytes left, not 4");
    }
  }

  @Test
  void shouldRefuseBytesWhenAllTensorsAreComplete() throws IOException {
    // Given
    try (SafetensorsWriter writer = SafetensorsWriter.create(target, List.of(A), Map.of())) {
      writer.write("a", bytes(1, 2, 3));

      // When, Then
      assertThatThrownBy(() -> writer.write("a", bytes(4)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("all tensors are complete; no turn left for a");
    }
  }

  @Test
  void shouldRefuseTensorGivenTwice() {
    assertThatThrownBy(() -> SafetensorsWriter.create(target, List.of(A, A), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor given twice: a");
  }

  @Test
  void shouldRefuseHeaderLongerThanTheFormatAllows() {
    // Given
    Map<String, String> metadata = Map.of("k", "v".repeat(100_000_000));

    // When, Then
    assertThatThrownBy(() -> SafetensorsWriter.create(target, List.of(A), metadata))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            target
                + ": header of 1 tensors would exceed the limit of 100000000 bytes; write several"
                + " files");
    assertThat(directory).isEmptyDirectory();
  }
}
