package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
  @TempDir private Path directory;

  @Test
  void shouldReadEverySliceWhenItCrossesWindows() throws IOException {
    // Given windows of 4 KiB over 100,000 bytes
    byte[] bytes = new byte[100_000];
    Random random = new Random(7);
    random.nextBytes(bytes);
    Path path = Files.write(directory.resolve("bytes"), bytes);
    MappedFile file = new MappedFile(path, FileStamp.of(path), 4096);

    for (int i = 0; i < 2000; i++) {
      int offset = random.nextInt(bytes.length + 1);
      int length = random.nextInt(bytes.length - offset + 1);

      // When
      ByteBuffer slice = file.slice(offset, length);

      // Then
      byte[] read = new byte[length];
      slice.get(read);
      assertThat(Arrays.equals(bytes, offset, offset + length, read, 0, length)).isTrue();
    }
  }

  @Test
  void shouldReadBeyondFourGibibytesWhenTheFileIsSparse() throws IOException {
    // Given a tensor of 5 GiB of which only four places take room on the disk
    Path path = directory.resolve("large.safetensors");
    long elements = 5L << 29;
    String header = "{" + Handmade.entry("w", "BF16", "[" + elements + "]", 0, elements * 2) + "}";
    byte[] head = Handmade.bytes(header.replace('\'', '"'));
    long[] places = {0, (1L << 31) - 2, 1L << 31, (1L << 32) + 2, elements * 2 - 4};
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.write(head);
      sparse.setLength(head.length + elements * 2);
      for (int i = 0; i < places.length; i++) {
        sparse.seek(head.length + places[i]);
        sparse.writeInt(Integer.reverseBytes(0x01020300 + i));
      }
    }

    // When
    int[] read = new int[places.length];
    int[] crossing = new int[places.length];
    try (Checkpoint checkpoint = Checkpoints.open(path)) {
      TensorData data = checkpoint.data("w");
      for (int i = 0; i < places.length; i++) {
        read[i] = data.slice(places[i], 4).getInt(0);
        long before = Math.max(0, places[i] - TensorData.MAX_SLICE_BYTES + 4);
        int length = (int) (places[i] + 4 - before);
        crossing[i] = data.slice(before, length).getInt(length - 4);
      }
    }

    // Then the third place overwrote the upper half of the second
    assertThat(read).containsExactly(0x01020300, 0x03020301, 0x01020302, 0x01020303, 0x01020304);
    assertThat(crossing).containsExactly(read);
  }

  @Test
  void shouldCopyMoreThanTheLongestSlice() throws IOException {
    // Given 96 MiB, sparse, marked at both ends of the last slice
    Path path = directory.resolve("long.safetensors");
    int bytes = 96 << 20;
    byte[] head =
        Handmade.bytes(
            ("{" + Handmade.entry("w", "U8", "[" + bytes + "]", 0, bytes) + "}")
                .replace('\'', '"'));
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.write(head);
      sparse.setLength(head.length + (long) bytes);
      sparse.seek(head.length + TensorData.MAX_SLICE_BYTES);
      sparse.write(5);
      sparse.seek(head.length + bytes - 1L);
      sparse.write(6);
    }
    byte[] into = new byte[bytes];

    // When
    try (Checkpoint checkpoint = Checkpoints.open(path)) {
      checkpoint.data("w").copyTo(0, into, 0, bytes);
    }

    // Then
    assertThat(into[TensorData.MAX_SLICE_BYTES]).isEqualTo((byte) 5);
    assertThat(into[bytes - 1]).isEqualTo((byte) 6);
  }
}
