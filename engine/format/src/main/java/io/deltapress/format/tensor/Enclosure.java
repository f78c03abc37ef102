package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;

/** The directory that the files of a checkpoint may not leave, not even through links. */
public final class Enclosure {
  private final List<Path> roots;

  private Enclosure(List<Path> roots) {
    this.roots = roots;
  }

  /**
   * The enclosure of a directory.
   *
   * @throws BadInputException if there is no such directory
   */
  public static Enclosure of(Path directory) throws IOException {
    Path real = real(directory);
    Path parent = real.getParent();
    if (parent == null || !parent.endsWith("snapshots")) {
      return new Enclosure(List.of(real));
    }
    // A revision in the cache of Hugging Face consists of links to its sibling "blobs".
    return new Enclosure(List.of(real, parent.resolveSibling("blobs")));
  }

  /**
   * Fails if the file, its links followed, lies elsewhere.
   *
   * @throws BadInputException if so, or there is no such file
   */
  public void require(Path file) throws IOException {
    if (!holds(file)) {
      throw BadInputException.of(
          file, "links out of its directory; put the file itself there instead of a link");
    }
  }

  /** Whether the file, its links followed, lies here. */
  boolean holds(Path file) throws IOException {
    Path real = real(file);
    return roots.stream().anyMatch(real::startsWith);
  }

  private static Path real(Path file) throws IOException {
    try {
      return file.toRealPath();
    } catch (FileSystemException e) {
      throw FileStamp.unreadable(file, e);
    }
  }
}
