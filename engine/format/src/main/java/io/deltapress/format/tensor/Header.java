package io.deltapress.format.tensor;

import java.util.List;
import java.util.Map;

/**
 * The checked header of a safetensors file.
 *
 * @param file the file
 * @param headerBytes length of the JSON, padding included
 * @param entries tensors in the order of their bytes
 * @param metadata content of {@code __metadata__}, empty if there is none
 */
record Header(
    MappedFile file, long headerBytes, List<Entry> entries, Map<String, String> metadata) {

  /** Bytes of the header length that begins a file. */
  static final int LENGTH_BYTES = Long.BYTES;

  /** Longest header a file may have. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  /** Where in the file the bytes of the tensors begin. */
  long dataBegin() {
    return LENGTH_BYTES + headerBytes;
  }

  /**
   * A tensor and its place.
   *
   * @param begin first byte, 0 being the first one after the header
   * @param end byte after the last one
   */
  record Entry(TensorInfo info, long begin, long end) {}
}
