package io.deltapress.format.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the header of a safetensors file as the Rust implementation does, byte for byte. */
final class HeaderWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Bytes of {@code "":{"dtype":"U8","shape":[],"data_offsets":[0,0]}}. */
  private static final long LEAST_ENTRY_BYTES = 49;

  private HeaderWriter() {}

  /** Header length and padded header, for tensors whose bytes follow each other in this order. */
  static ByteBuffer encode(List<TensorInfo> order, Map<String, String> metadata)
      throws IOException {
    byte[] json = json(order, metadata);
    int padded = Math.addExact(json.length, -json.length & 7);
    byte[] padding = new byte[padded - json.length];
    Arrays.fill(padding, (byte) ' ');
    return ByteBuffer.allocate(Header.LENGTH_BYTES + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(padded)
        .put(json)
        .put(padding)
        .flip();
  }

  /** What the header has at least, known before memory is spent on encoding it. */
  static long leastBytes(List<TensorInfo> order, Map<String, String> metadata) {
    long names = order.stream().mapToLong(info -> info.name().length() + LEAST_ENTRY_BYTES).sum();
    return names
        + metadata.entrySet().stream()
            .mapToLong(entry -> entry.getKey().length() + (long) entry.getValue().length())
            .sum();
  }

  private static byte[] json(List<TensorInfo> order, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        writeMetadata(json, metadata);
      }
      long begin = 0;
      for (TensorInfo info : order) {
        long end = Math.addExact(begin, info.byteLength());
        writeEntry(json, info, begin, end);
        begin = end;
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeMetadata(JsonGenerator json, Map<String, String> metadata)
      throws IOException {
    json.writeObjectFieldStart(TensorNames.METADATA_KEY);
    for (var entry : new TreeMap<>(metadata).entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static void writeEntry(JsonGenerator json, TensorInfo info, long begin, long end)
      throws IOException {
    json.writeObjectFieldStart(info.name());
    json.writeStringField("dtype", info.dtype().name());
    json.writeArrayFieldStart("shape");
    for (int axis = 0; axis < info.shape().rank(); axis++) {
      json.writeNumber(info.shape().dimension(axis));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber(begin);
    json.writeNumber(end);
    json.writeEndArray();
    json.writeEndObject();
  }
}
