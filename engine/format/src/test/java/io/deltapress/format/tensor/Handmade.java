package io.deltapress.format.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files laid out by hand, right or wrong. */
final class Handmade {
  private Handmade() {}

  /** Header length, header, data. */
  static byte[] bytes(String header, byte... data) {
    return bytes(header.getBytes(StandardCharsets.UTF_8), data);
  }

  static byte[] bytes(byte[] header, byte... data) {
    return bytes(header.length, header, data);
  }

  /** With a header length that may be a lie. */
  static byte[] bytes(long headerLength, byte[] header, byte... data) {
    return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength)
        .put(header)
        .put(data)
        .array();
  }

  /** A file with that header, single quotes standing for double ones, and so many zero bytes. */
  static Path file(Path path, String header, int dataBytes) throws IOException {
    return Files.write(path, bytes(header.replace('\'', '"'), new byte[dataBytes]));
  }

  /** The entry of a tensor in a header, with single quotes. */
  static String entry(String name, String dtype, String shape, long begin, long end) {
    return "'%s':{'dtype':'%s','shape':%s,'data_offsets':[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }
}
