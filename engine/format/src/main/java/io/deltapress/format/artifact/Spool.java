package io.deltapress.format.artifact;

import io.deltapress.format.AtomicFile;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.SafetensorsWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A hidden file beside an artifact where bytes wait until its header is known, deleted when closed.
 * Not safe for use by several threads.
 */
final class Spool implements Closeable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long written;

  private Spool(FileChannel channel) {
    this.channel = channel;
  }

  static Spool beside(Path target) throws IOException {
    try {
      return new Spool(
          FileChannel.open(
              AtomicFile.beside(target),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE));
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          target + ": its directory does not exist; create it or choose another path", e);
    }
  }

  /** Bytes appended so far. */
  long length() {
    return written + buffer.position();
  }

  void append(byte[] bytes, int length) throws IOException {
    for (int at = 0; at < length; ) {
      int count = Math.min(buffer.remaining(), length - at);
      buffer.put(bytes, at, count);
      at += count;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      written += channel.write(buffer, written);
    }
    buffer.clear();
  }

  /** Writes a stretch of this file as the bytes of a tensor. */
  void copyTo(SafetensorsWriter writer, String tensor, long from, long length) throws IOException {
    flush();
    for (long at = 0; at < length; ) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, length - at));
      int count = channel.read(buffer, from + at);
      if (count <= 0) {
        throw new IOException("a temporary file was cut off while it was in use");
      }
      writer.write(tensor, buffer.flip());
      at += count;
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
