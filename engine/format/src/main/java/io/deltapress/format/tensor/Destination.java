package io.deltapress.format.tensor;

import io.deltapress.format.AtomicFile;
import io.deltapress.format.BadInputException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Where the files of a checkpoint or an adapter are put until they are all there. */
public sealed interface Destination extends Closeable {

  /** One file, which is atomic by itself. */
  static Destination file(Path target) {
    return new SingleFile(target);
  }

  /**
   * A directory, built beside its target under a hidden name.
   *
   * @throws BadInputException if the target exists and is no empty directory, or its parent does
   *     not exist
   */
  static Destination directory(Path target) throws IOException {
    return Directory.begin(target);
  }

  /** Where to write the file that is finally called so. */
  Path resolve(String fileName);

  /** Copies what is not weights from the directory of another model. */
  void copyOtherFiles(Path source) throws IOException;

  /** Makes everything visible. */
  void commit() throws IOException;

  /** Deletes everything unless it was committed. */
  @Override
  void close() throws IOException;

  /** One file under the name the user gave. */
  record SingleFile(Path target) implements Destination {
    @Override
    public Path resolve(String fileName) {
      return target;
    }

    @Override
    public void copyOtherFiles(Path source) {
      // There is no directory to copy them to.
    }

    @Override
    public void commit() {
      // The file was renamed when its writer committed.
    }

    @Override
    public void close() {
      // The writer of the file leaves nothing.
    }
  }

  /** A directory that is renamed when it is complete. */
  final class Directory implements Destination {
    private final Path target;
    private final Path staging;
    private boolean committed;

    private Directory(Path target, Path staging) {
      this.target = target;
      this.staging = staging;
    }

    static Directory begin(Path target) throws IOException {
      Path absolute = target.toAbsolutePath().normalize();
      requireVacant(target, absolute);
      Path staging = AtomicFile.beside(absolute);
      try {
        Files.createDirectory(staging);
      } catch (NoSuchFileException e) {
        throw new BadInputException(
            target + ": its parent does not exist; create it or choose another path", e);
      } catch (FileSystemException e) {
        throw new IOException(target + ": cannot be written: " + e, e);
      }
      return new Directory(absolute, staging);
    }

    private static void requireVacant(Path target, Path absolute) throws IOException {
      if (!Files.exists(absolute)) {
        return;
      }
      if (Files.isDirectory(absolute)) {
        try (Stream<Path> children = Files.list(absolute)) {
          if (children.findAny().isEmpty()) {
            return;
          }
        }
      }
      throw BadInputException.of(
          target, "exists already and is no empty directory; remove it or choose another path");
    }

    @Override
    public Path resolve(String fileName) {
      return staging.resolve(fileName);
    }

    @Override
    public void copyOtherFiles(Path source) throws IOException {
      if (!Files.isDirectory(source)) {
        return;
      }
      Enclosure enclosure = Enclosure.of(source);
      for (Path file : children(source)) {
        String name = file.getFileName().toString();
        if (Files.isRegularFile(file) && !OtherFiles.isWeights(name) && enclosure.holds(file)) {
          copy(file, staging.resolve(name));
        }
      }
    }

    private static void copy(Path from, Path to) throws IOException {
      Files.copy(from, to);
      try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }

    private static List<Path> children(Path directory) throws IOException {
      try (Stream<Path> children = Files.list(directory)) {
        return children.sorted().toList();
      }
    }

    @Override
    public void commit() throws IOException {
      AtomicFile.forceDirectory(staging.resolve("."));
      try {
        Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException e) {
        throw new IOException(target + ": cannot be written: " + e, e);
      }
      committed = true;
      AtomicFile.forceDirectory(target);
    }

    @Override
    public void close() throws IOException {
      if (committed || !Files.exists(staging)) {
        return;
      }
      for (Path file : children(staging)) {
        Files.delete(file);
      }
      Files.delete(staging);
    }
  }
}
