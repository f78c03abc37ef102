package io.deltapress.format.lora;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.ComputedTensorData;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tensors of zeros, nowhere on disk: the parent of an adapter that is pruned factor by factor. Its
 * weights digest follows from names, types and shapes.
 */
final class ZeroCheckpoint implements Checkpoint {
  private final Path path;
  private final SortedMap<String, TensorInfo> tensors;

  /**
   * @param path whose zeros these are, for messages
   */
  ZeroCheckpoint(Path path, SortedMap<String, TensorInfo> tensors) {
    this.path = path;
    this.tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<Path> files() {
    return List.of();
  }

  @Override
  public SortedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of("format", "pt");
  }

  @Override
  public TensorData data(String name) throws BadInputException {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw BadInputException.of(
          BadInputException.Kind.MISSING_TENSOR, path, name, "not in this adapter");
    }
    return new Zeros(info);
  }

  @Override
  public void close() {
    // There is nothing to let go of.
  }

  private static final class Zeros extends ComputedTensorData {
    private final TensorInfo info;

    Zeros(TensorInfo info) {
      this.info = info;
    }

    @Override
    public TensorInfo info() {
      return info;
    }

    @Override
    protected void compute(long byteOffset, ByteBuffer into) {
      while (into.remaining() >= Long.BYTES) {
        into.putLong(0);
      }
      while (into.hasRemaining()) {
        into.put((byte) 0);
      }
    }
  }
}
