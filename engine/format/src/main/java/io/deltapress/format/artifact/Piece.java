package io.deltapress.format.artifact;

import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One tensor of an artifact file and where its bytes come from.
 *
 * @param info name, type and shape in the artifact
 * @param source writes the bytes
 */
record Piece(TensorInfo info, Source source) {

  /** Writes bytes in order under a name. */
  @FunctionalInterface
  interface Source {
    void writeTo(SafetensorsWriter writer, String name) throws IOException;
  }

  /** A piece with the bytes of a tensor. */
  static Piece of(TensorInfo info, TensorData data) {
    return new Piece(info, (writer, name) -> copy(data, writer, name));
  }

  private static void copy(TensorData data, SafetensorsWriter writer, String name)
      throws IOException {
    for (long at = 0; at < data.byteLength(); ) {
      ByteBuffer slice =
          data.slice(at, (int) Math.min(TensorData.MAX_SLICE_BYTES, data.byteLength() - at));
      at += slice.remaining();
      writer.write(name, slice);
    }
  }

  /** A piece with what a spool holds from an offset to its present end. */
  static Piece of(TensorInfo info, Spool spool, long from) {
    long length = spool.length() - from;
    return new Piece(info, (writer, name) -> spool.copyTo(writer, name, from, length));
  }
}
