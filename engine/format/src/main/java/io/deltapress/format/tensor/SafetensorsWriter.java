package io.deltapress.format.tensor;

import io.deltapress.format.AtomicFile;
import io.deltapress.format.BadInputException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes one safetensors file from front to back, in memory independent of its size.
 *
 * <p>The file appears under its name, whole and durable, with {@link #commit()}; closing without it
 * leaves nothing behind. Not safe for use by several threads.
 */
public final class SafetensorsWriter implements Closeable {
  /** The order of the Rust implementation: descending type, then name. */
  private static final Comparator<TensorInfo> ORDER =
      Comparator.comparing(TensorInfo::dtype, Comparator.reverseOrder())
          .thenComparing(TensorInfo::name, TensorNames.ORDER);

  private final AtomicFile file;
  private final List<TensorInfo> order;
  private int index;
  private long remaining;

  private SafetensorsWriter(AtomicFile file, List<TensorInfo> order) {
    this.file = file;
    this.order = order;
    beginTensor(0);
  }

  /**
   * Begins a file and writes its header.
   *
   * @param target replaced on commit if it exists
   * @param tensors in any order; names must differ
   * @param metadata content of {@code __metadata__}, left out if empty
   * @throws BadInputException if the header would be longer than the format allows, or the target's
   *     directory does not exist
   */
  public static SafetensorsWriter create(
      Path target, Collection<TensorInfo> tensors, Map<String, String> metadata)
      throws IOException {
    List<TensorInfo> order = order(tensors);
    requireHeaderFits(target, order, HeaderWriter.leastBytes(order, metadata));
    ByteBuffer header = HeaderWriter.encode(order, metadata);
    requireHeaderFits(target, order, header.remaining() - Header.LENGTH_BYTES);
    AtomicFile file = AtomicFile.create(target);
    try {
      file.write(header);
      return new SafetensorsWriter(file, order);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static void requireHeaderFits(Path target, List<TensorInfo> order, long bytes)
      throws BadInputException {
    if (bytes > Header.MAX_HEADER_BYTES) {
      throw BadInputException.of(
          target,
          "header of %d tensors would exceed the limit of %d bytes; write several files"
              .formatted(order.size(), Header.MAX_HEADER_BYTES));
    }
  }

  /** The order in which a file holds these tensors. */
  static List<TensorInfo> order(Collection<TensorInfo> tensors) {
    Set<String> names = new HashSet<>();
    for (TensorInfo info : tensors) {
      if (!names.add(info.name())) {
        throw new IllegalArgumentException("tensor given twice: " + info.name());
      }
    }
    return tensors.stream().sorted(ORDER).toList();
  }

  /** The tensors in the order in which they must be written. */
  public List<TensorInfo> order() {
    return order;
  }

  /**
   * Appends bytes to a tensor: the next one of {@link #order()} that is not complete. A tensor may
   * be written in as many calls as is convenient; one without bytes needs none.
   *
   * @param pieces little-endian, row-major; all their remaining bytes are written
   * @throws IllegalStateException if it is another tensor's turn, or the bytes are too many
   */
  public void write(String tensor, ByteBuffer... pieces) throws IOException {
    for (ByteBuffer piece : pieces) {
      if (!piece.hasRemaining()) {
        continue;
      }
      requireTurn(tensor, piece.remaining());
      remaining -= piece.remaining();
      file.write(piece.duplicate());
      if (remaining == 0) {
        beginTensor(index + 1);
      }
    }
  }

  /** Writes all of a tensor, whose name, type and shape must be those of its turn. */
  public void copy(TensorData data) throws IOException {
    String name = data.info().name();
    long length = data.byteLength();
    for (long at = 0; at < length; at += TensorData.MAX_SLICE_BYTES) {
      write(name, data.slice(at, (int) Math.min(TensorData.MAX_SLICE_BYTES, length - at)));
    }
  }

  /**
   * Makes the file durable and visible.
   *
   * @throws IllegalStateException if a tensor is not complete
   */
  public void commit() throws IOException {
    if (!isComplete()) {
      throw new IllegalStateException(
          "tensor " + order.get(index).name() + " lacks " + remaining + " bytes");
    }
    file.commit();
  }

  /** Whether every tensor has all its bytes. */
  boolean isComplete() {
    return index == order.size();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void requireTurn(String tensor, int length) {
    if (isComplete()) {
      throw new IllegalStateException("all tensors are complete; no turn left for " + tensor);
    }
    String turn = order.get(index).name();
    if (!turn.equals(tensor)) {
      throw new IllegalStateException(
          "it is the turn of tensor " + turn + " (" + remaining + " bytes left), not of " + tensor);
    }
    if (length > remaining) {
      throw new IllegalStateException(
          "tensor " + tensor + " has " + remaining + " bytes left, not " + length);
    }
  }

  private void beginTensor(int next) {
    index = next;
    while (index < order.size() && order.get(index).byteLength() == 0) {
      index++;
    }
    remaining = index < order.size() ? order.get(index).byteLength() : 0;
  }
}
