package io.deltapress.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/**
 * A file that appears whole or not at all: written beside its target under a hidden name, brought
 * to the disk, then renamed over the target. Closing without {@link #commit()} leaves nothing.
 *
 * <p>Not safe for use by several threads. Several processes may write the same target; the last
 * commit wins.
 */
public final class AtomicFile implements Closeable {
  private static final int STAGING_BYTES = 1 << 18;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
  private boolean committed;

  private AtomicFile(Path target, Path temporary, FileChannel channel) {
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
  }

  /**
   * Begins a file. The target is left as it is until {@link #commit()}.
   *
   * @throws BadInputException if the directory of the target does not exist
   */
  public static AtomicFile create(Path target) throws IOException {
    Path temporary = beside(target);
    try {
      FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new AtomicFile(target, temporary, channel);
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          target + ": its directory does not exist; create it or choose another path", e);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /** A hidden name in the same directory that nothing else uses. */
  public static Path beside(Path target) {
    Path name = target.getFileName();
    if (name == null) {
      throw new IllegalArgumentException("not the path of a file: " + target);
    }
    return target.resolveSibling(".%s.%016x.tmp".formatted(name, RANDOM.nextLong()));
  }

  /** Appends the remaining bytes of a buffer. Large heap buffers cost no large native ones. */
  public void write(ByteBuffer bytes) throws IOException {
    try {
      if (bytes.isDirect() && bytes.remaining() >= STAGING_BYTES) {
        flush();
        writeFully(bytes);
        return;
      }
      while (bytes.hasRemaining()) {
        stage(bytes);
      }
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  private void stage(ByteBuffer bytes) throws IOException {
    int length = Math.min(staging.remaining(), bytes.remaining());
    staging.put(bytes.slice().limit(length));
    bytes.position(bytes.position() + length);
    if (!staging.hasRemaining()) {
      flush();
    }
  }

  private void flush() throws IOException {
    writeFully(staging.flip());
    staging.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Makes the file durable and visible under its name, in place of any earlier one. */
  public void commit() throws IOException {
    if (committed) {
      throw new IllegalStateException("already committed: " + target);
    }
    try {
      flush();
      channel.force(true);
      channel.close();
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      committed = true;
      forceDirectory(target);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /** Makes the name of a file or directory that was just renamed durable. */
  public static void forceDirectory(Path renamed) {
    Path directory = renamed.toAbsolutePath().getParent();
    if (directory == null) {
      return;
    }
    try (FileChannel handle = FileChannel.open(directory, StandardOpenOption.READ)) {
      handle.force(true);
    } catch (IOException e) {
      // Some systems cannot open or force a directory; the rename itself was atomic nevertheless.
      return;
    }
  }

  private static IOException unwritable(Path target, IOException cause) {
    if (cause instanceof FormatException) {
      return cause;
    }
    return new IOException(target + ": cannot be written: " + cause, cause);
  }

  /** Deletes what was written unless it was committed. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!committed) {
      Files.deleteIfExists(temporary);
    }
  }
}
