package io.deltapress.format.tensor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Named tensors on disk, in one safetensors file or in several. Opening reads headers only.
 *
 * <p>Safe for use by several threads.
 */
public interface Checkpoint extends Closeable {

  /** What the checkpoint was opened from: a file or a directory. */
  Path path();

  /**
   * The directory whose {@code config.json}, if there is one, describes the model; a file where
   * there is no such directory.
   */
  default Path description() {
    return path();
  }

  /** The safetensors files it consists of, as real paths without links, in the order of names. */
  List<Path> files();

  /** All tensors, sorted by name as UTF-8 bytes; unmodifiable. */
  SortedMap<String, TensorInfo> tensors();

  /**
   * The {@code __metadata__} of the file; of several files, the entries that all of them share.
   * Unmodifiable.
   */
  Map<String, String> metadata();

  /**
   * The bytes of a tensor, mapped when they are first touched.
   *
   * @throws io.deltapress.format.BadInputException if there is no such tensor
   * @throws IllegalStateException if the checkpoint is closed
   */
  TensorData data(String name) throws IOException;

  /** Lets go of the files. Slices handed out stay readable. */
  @Override
  void close();
}
