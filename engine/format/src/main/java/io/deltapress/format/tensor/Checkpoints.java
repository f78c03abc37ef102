package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Opens checkpoints.
 *
 * <p>Headers are read and checked at once, tensors are mapped when touched. The bounds below hold
 * for all files of a checkpoint together and are checked before memory is allocated.
 */
public final class Checkpoints {
  /** Most tensors of a checkpoint, and most entries of its metadata. */
  public static final int MAX_TENSORS = 500_000;

  /** Longest headers of a checkpoint, all files together, in bytes. */
  public static final long MAX_HEADER_BYTES = 200_000_000;

  /** Most files of a checkpoint. */
  public static final int MAX_FILES = 10_000;

  static final String SINGLE_FILE = "model.safetensors";
  static final String FILE_SUFFIX = ".safetensors";
  static final String INDEX_SUFFIX = ".safetensors.index.json";

  private Checkpoints() {}

  /**
   * Opens a safetensors file, an index of shards, or a Hugging Face directory: its {@code
   * model.safetensors} if it has one, else its only {@code *.safetensors.index.json} with the
   * shards named there.
   *
   * <p>Files of a directory must lie in it. A link may lead out of it only to the {@code blobs} of
   * a Hugging Face cache, where {@code snapshots/<revision>} consists of such links.
   *
   * @throws BadInputException if there is no such checkpoint, or it breaks a rule of the format
   */
  public static Checkpoint open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return openDirectory(path);
    }
    if (path.toString().endsWith(".index.json")) {
      return ShardedOpening.open(path, path);
    }
    return openFile(path, path);
  }

  /**
   * Opens one safetensors file of several that belong together.
   *
   * @param budget for the headers of all of them
   * @throws BadInputException if it is no such file, breaks a rule of the format, or exceeds what
   *     is left of the budget
   */
  public static Checkpoint openFile(Path file, HeaderBudget budget) throws IOException {
    return MappedCheckpoint.of(file, List.of(new HeaderReader(file, budget).read()));
  }

  private static Checkpoint openFile(Path path, Path file) throws IOException {
    return MappedCheckpoint.of(
        path, List.of(new HeaderReader(file, HeaderBudget.standard()).read()));
  }

  private static Checkpoint openDirectory(Path directory) throws IOException {
    Path single = directory.resolve(SINGLE_FILE);
    if (Files.exists(single)) {
      Enclosure.of(directory).require(single);
      return openFile(directory, single);
    }
    return ShardedOpening.open(directory, index(directory));
  }

  private static Path index(Path directory) throws IOException {
    List<Path> indexes;
    try (Stream<Path> children = Files.list(directory)) {
      indexes = children.filter(child -> child.toString().endsWith(INDEX_SUFFIX)).sorted().toList();
    } catch (FileSystemException e) {
      throw FileStamp.unreadable(directory, e);
    }
    if (indexes.isEmpty()) {
      throw BadInputException.of(
          directory,
          "holds neither model.safetensors nor *.safetensors.index.json; name the file itself, or"
              + " convert the weights to safetensors");
    }
    if (indexes.size() > 1) {
      throw BadInputException.of(
          directory,
          "holds " + indexes.size() + " files *.safetensors.index.json; name the one you mean");
    }
    return indexes.get(0);
  }
}
