package io.deltapress.format.tensor;

import static io.deltapress.format.tensor.Handmade.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("m.safetensors");
  }

  /** Sixteen bytes 00 11 22 ... ff as tensor {@code w}, four 32-bit elements. */
  private Checkpoint sixteenBytes() throws IOException {
    byte[] data = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
    String header = "{" + entry("w", "U32", "[2,2]", 0, 16) + "}";
    Files.write(file, Handmade.bytes(header.replace('\'', '"'), data));
    return Checkpoints.open(file);
  }

  @Test
  void shouldDescribeTensorsSortedByNameWhenTheFileHasThemOtherwise() throws IOException {
    // Given
    Handmade.file(
        file,
        "{"
            + entry("b", "BF16", "[2,3]", 0, 12)
            + ","
            + entry("a", "I64", "[]", 12, 20)
            + ",'__metadata__':{'format':'pt'}}   ",
        20);

    // When
    try (Checkpoint checkpoint = Checkpoints.open(file)) {

      // Then
      assertThat(checkpoint.tensors())
          .containsExactly(
              entry("a", new TensorInfo("a", DType.I64, Shape.of())),
              entry("b", new TensorInfo("b", DType.BF16, Shape.of(2, 3))));
      assertThat(checkpoint.metadata()).containsExactly(entry("format", "pt"));
      assertThat(checkpoint.path()).isEqualTo(file);
      assertThat(checkpoint.files()).containsExactly(file.toRealPath());
    }
  }

  @Test
  void shouldOpenFileWithoutTensors() throws IOException {
    // Given
    Handmade.file(file, "{}", 0);

    // When
    try (Checkpoint checkpoint = Checkpoints.open(file)) {

      // Then
      assertThat(checkpoint.tensors()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void shouldReadTensorOfEveryType(DType dtype) throws IOException {
    // Given eight elements, which fill whole bytes in every type
    int bytes = dtype.bits();
    Handmade.file(file, "{" + entry("w", dtype.name(), "[8]", 0, bytes) + "}", bytes);

    // When
    try (Checkpoint checkpoint = Checkpoints.open(file)) {

      // Then
      assertThat(checkpoint.data("w").info()).isEqualTo(new TensorInfo("w", dtype, Shape.of(8)));
      assertThat(checkpoint.data("w").byteLength()).isEqualTo(bytes);
    }
  }

  @Test
  void shouldIgnoreFieldsThatLaterVersionsMayAdd() throws IOException {
    // Given
    Handmade.file(
        file,
        "{'w':{'later':{'a':[1,{}]},'data_offsets':[0,2],'shape':[1],'dtype':'F16','x':null}}",
        2);

    // When
    try (Checkpoint checkpoint = Checkpoints.open(file)) {

      // Then
      assertThat(checkpoint.tensors()).containsOnlyKeys("w");
    }
  }

  @Test
  void shouldAcceptTensorsWithoutBytesBetweenOthers() throws IOException {
    // Given
    Handmade.file(
        file,
        "{"
            + entry("z", "U8", "[0,7]", 2, 2)
            + ","
            + entry("b", "U8", "[3]", 2, 5)
            + ","
            + entry("a", "U8", "[2]", 0, 2)
            + ","
            + entry("e", "F32", "[0]", 5, 5)
            + "}",
        5);

    // When
    try (Checkpoint checkpoint = Checkpoints.open(file)) {

      // Then
      assertThat(checkpoint.data("e").slice(0, 0).remaining()).isZero();
      assertThat(checkpoint.data("z").slice(0, 0).remaining()).isZero();
    }
  }

  @Test
  void shouldSliceLittleEndianAndReadOnly() throws IOException {
    // Given
    try (Checkpoint checkpoint = sixteenBytes()) {

      // When
      ByteBuffer slice = checkpoint.data("w").slice(3, 5);

      // Then
      assertThat(slice.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat(slice.remaining()).isEqualTo(5);
      assertThat(slice.capacity()).isEqualTo(5);
      assertThat(slice.getInt(0)).isEqualTo(0x66554433);
      assertThatThrownBy(() -> slice.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
    }
  }

  @Test
  void shouldCopyElementsOfEveryWidth() throws IOException {
    // Given
    byte[] bytes = new byte[3];
    short[] shorts = new short[3];
    int[] ints = new int[3];
    long[] longs = new long[2];

    // When
    try (Checkpoint checkpoint = sixteenBytes()) {
      TensorData data = checkpoint.data("w");
      data.copyTo(15, bytes, 2, 1);
      data.copyTo(2, shorts, 1, 2);
      data.copyTo(4, ints, 0, 3);
      data.copyTo(5, longs, 1, 1);
    }

    // Then
    assertThat(bytes).containsExactly(0, 0, 0xff);
    assertThat(shorts).containsExactly(0, 0x3322, 0x5544);
    assertThat(ints).containsExactly(0x77665544, 0xbbaa9988, 0xffeeddcc);
    assertThat(longs).containsExactly(0, 0xccbbaa9988776655L);
  }

  @Test
  void shouldRefuseToLeaveTheTensor() throws IOException {
    // Given
    try (Checkpoint checkpoint = sixteenBytes()) {
      TensorData data = checkpoint.data("w");

      // When, Then
      assertThatThrownBy(() -> data.slice(12, 5)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> data.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> data.copyTo(10, new int[2], 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> data.copyTo(0, new int[2], 1, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> data.copyTo(0, new int[2], 0, -1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void shouldRefuseTensorThatIsNotThere() throws IOException {
    // Given
    try (Checkpoint checkpoint = sixteenBytes()) {

      // When, Then
      assertThatThrownBy(() -> checkpoint.data("v"))
          .isInstanceOf(BadInputException.class)
          .hasMessage(file + ": tensor 'v': not in this checkpoint")
          .extracting(e -> ((BadInputException) e).kind())
          .isEqualTo(BadInputException.Kind.MISSING_TENSOR);
    }
  }

  @Test
  void shouldRefuseDataWhenClosedButKeepSlices() throws IOException {
    // Given
    Checkpoint checkpoint = sixteenBytes();
    ByteBuffer slice = checkpoint.data("w").slice(0, 16);

    // When
    checkpoint.close();

    // Then
    assertThat(slice.get(15)).isEqualTo((byte) 0xff);
    assertThatThrownBy(() -> checkpoint.data("w"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("checkpoint " + file + " is closed");
  }

  @Test
  void shouldRefuseSliceWhenTheFileWasCutOffAfterOpening() throws IOException {
    // Given
    try (Checkpoint checkpoint = sixteenBytes()) {
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));

      // When, Then
      assertThatThrownBy(() -> checkpoint.data("w").slice(0, 16))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              file.toRealPath()
                  + ": changed since it was opened; run again when nothing writes to it");
    }
  }

  @Test
  void shouldRefuseSliceWhenTheFileWasReplacedAfterOpening() throws IOException {
    // Given
    try (Checkpoint checkpoint = sixteenBytes()) {
      Path other = Files.copy(file, directory.resolve("other"));
      Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
      Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

      // When, Then
      assertThatThrownBy(() -> checkpoint.data("w").slice(0, 16))
          .isInstanceOf(BadInputException.class)
          .hasMessageEndingWith("changed since it was opened; run again when nothing writes to it");
    }
  }

  @Test
  void shouldRefuseSliceWhenTheFileWasRemovedAfterOpening() throws IOException {
    // Given
    try (Checkpoint checkpoint = sixteenBytes()) {
      Files.delete(file);

      // When, Then
      assertThatThrownBy(() -> checkpoint.data("w").slice(0, 16))
          .isInstanceOf(BadInputException.class)
          .hasMessage(file + ": no such file or directory; check the path");
    }
  }
}
