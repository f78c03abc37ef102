package io.deltapress.format.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of one tensor: little-endian, row-major, mapped into memory as they are touched.
 *
 * <p>Safe for use by several threads. Bytes remain readable after the checkpoint is closed for as
 * long as a slice of them is held. A file must not be truncated meanwhile: touching a byte that is
 * gone ends in a {@link io.deltapress.format.BadInputException} where it can be told in time, else
 * in the {@link InternalError} of the virtual machine.
 */
public interface TensorData {
  /** Longest slice in bytes: 64 MiB. */
  int MAX_SLICE_BYTES = 64 << 20;

  /** What the header says of the tensor. */
  TensorInfo info();

  /** Bytes of the tensor. */
  default long byteLength() {
    return info().byteLength();
  }

  /**
   * A read-only, little-endian view of some bytes, without a copy.
   *
   * @param byteOffset where to begin, 0 being the tensor's first byte
   * @param length bytes, at most {@link #MAX_SLICE_BYTES}
   * @throws IndexOutOfBoundsException if the slice leaves the tensor or is too long
   * @throws io.deltapress.format.BadInputException if the file has changed since it was opened
   */
  ByteBuffer slice(long byteOffset, int length) throws IOException;

  /**
   * Copies bytes.
   *
   * @param byteOffset where to begin in the tensor
   * @param into where to put them
   * @param from index of the first one in {@code into}
   * @param count how many
   */
  void copyTo(long byteOffset, byte[] into, int from, int count) throws IOException;

  /** Copies 16-bit elements; {@code byteOffset} is in bytes, the rest in elements. */
  void copyTo(long byteOffset, short[] into, int from, int count) throws IOException;

  /** Copies 32-bit elements; {@code byteOffset} is in bytes, the rest in elements. */
  void copyTo(long byteOffset, int[] into, int from, int count) throws IOException;

  /** Copies 64-bit elements; {@code byteOffset} is in bytes, the rest in elements. */
  void copyTo(long byteOffset, long[] into, int from, int count) throws IOException;
}
