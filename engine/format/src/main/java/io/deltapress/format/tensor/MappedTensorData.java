package io.deltapress.format.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The bytes of a tensor in a mapped file. */
final class MappedTensorData implements TensorData {
  private final TensorInfo info;
  private final MappedFile file;
  private final long begin;
  private final long byteLength;

  MappedTensorData(TensorInfo info, MappedFile file, long begin) {
    this.info = info;
    this.file = file;
    this.begin = begin;
    this.byteLength = info.byteLength();
  }

  @Override
  public TensorInfo info() {
    return info;
  }

  /** The file that holds it. */
  MappedFile file() {
    return file;
  }

  @Override
  public long byteLength() {
    return byteLength;
  }

  @Override
  public ByteBuffer slice(long byteOffset, int length) throws IOException {
    Objects.checkFromIndexSize(byteOffset, length, byteLength);
    if (length > MAX_SLICE_BYTES) {
      throw new IndexOutOfBoundsException(
          "slice of " + length + " bytes; the longest is " + MAX_SLICE_BYTES);
    }
    return file.slice(begin + byteOffset, length);
  }

  @Override
  public void copyTo(long byteOffset, byte[] into, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, into.length);
    copy(byteOffset, count, 1, (piece, at, length) -> piece.get(into, from + at, length));
  }

  @Override
  public void copyTo(long byteOffset, short[] into, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, into.length);
    copy(
        byteOffset,
        count,
        Short.BYTES,
        (piece, at, length) -> piece.asShortBuffer().get(into, from + at, length));
  }

  @Override
  public void copyTo(long byteOffset, int[] into, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, into.length);
    copy(
        byteOffset,
        count,
        Integer.BYTES,
        (piece, at, length) -> piece.asIntBuffer().get(into, from + at, length));
  }

  @Override
  public void copyTo(long byteOffset, long[] into, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, into.length);
    copy(
        byteOffset,
        count,
        Long.BYTES,
        (piece, at, length) -> piece.asLongBuffer().get(into, from + at, length));
  }

  /** Copies some elements of a piece of the tensor to where they belong. */
  private interface Sink {
    void accept(ByteBuffer piece, int at, int length);
  }

  private void copy(long byteOffset, int count, int elementBytes, Sink sink) throws IOException {
    int most = MAX_SLICE_BYTES / elementBytes;
    try {
      for (int done = 0; done < count; done += most) {
        int length = Math.min(most, count - done);
        long at = byteOffset + (long) done * elementBytes;
        sink.accept(slice(at, length * elementBytes), done, length);
      }
    } catch (InternalError e) {
      // How the virtual machine reports a page that is gone because the file was truncated. Java 17
      // may throw it only after the return from here; nobody can catch that closer to its cause.
      throw file.changed(e);
    }
  }
}
