package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A file of any size, mapped lazily in windows.
 *
 * <p>One mapping reaches 2 GiB at most, so a file has several: window {@code i} begins at {@code i}
 * times the window size and extends past its end by the longest slice, which therefore always lies
 * in one mapping. No file descriptor is held: a checkpoint may have thousands of shards. In
 * exchange, the file is compared with its stamp at each mapping, so that one replaced or truncated
 * since is an error and not silently another file.
 */
final class MappedFile {
  /** Distance of the windows. */
  static final long WINDOW_BYTES = 1L << 30;

  private final Path path;
  private final FileStamp stamp;
  private final long windowBytes;
  private final AtomicReferenceArray<MappedByteBuffer> windows;

  MappedFile(Path path, FileStamp stamp, long windowBytes) {
    this.path = path;
    this.stamp = stamp;
    this.windowBytes = windowBytes;
    this.windows = new AtomicReferenceArray<>(Math.toIntExact(stamp.size() / windowBytes + 1));
  }

  /** The path as the user named it, for messages. */
  Path path() {
    return path;
  }

  /** The state of the file when it was opened. */
  FileStamp stamp() {
    return stamp;
  }

  long size() {
    return stamp.size();
  }

  /**
   * A read-only little-endian view; {@code length} is at most {@link TensorData#MAX_SLICE_BYTES}.
   */
  ByteBuffer slice(long offset, int length) throws IOException {
    int window = (int) (offset / windowBytes);
    MappedByteBuffer mapping = windows.get(window);
    if (mapping == null) {
      mapping = map(window);
    }
    return mapping
        .slice((int) (offset - window * windowBytes), length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Two threads may map the same window; both mappings are good and one is forgotten. */
  private MappedByteBuffer map(int window) throws IOException {
    long begin = window * windowBytes;
    long length = Math.min(windowBytes + TensorData.MAX_SLICE_BYTES, size() - begin);
    try (FileChannel channel = FileChannel.open(stamp.path(), StandardOpenOption.READ)) {
      requireUnchanged();
      MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_ONLY, begin, length);
      windows.set(window, mapping);
      return mapping;
    } catch (FileSystemException e) {
      throw FileStamp.unreadable(path, e);
    }
  }

  /** Fails if the file is no longer the one that was opened. */
  void requireUnchanged() throws IOException {
    if (!stamp.sameContent(FileStamp.of(stamp.path()))) {
      throw changed(null);
    }
  }

  /** The failure for a file that changed under the reader's hands. */
  BadInputException changed(@Nullable Throwable cause) {
    return FileStamp.changed(path, cause);
  }
}
