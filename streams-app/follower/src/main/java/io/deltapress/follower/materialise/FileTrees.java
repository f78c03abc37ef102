package io.deltapress.follower.materialise;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whole directories. Links in them are never followed. */
final class FileTrees {
  private FileTrees() {}

  /** Deletes a directory with all that is in it; does nothing if it is not there. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Makes a file or directory appear a second time without a copy of its bytes: each file is linked
   * hard, or copied where the file system has no such links.
   *
   * @param to must not exist
   */
  static void link(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectory(target(visited));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            linkFile(file, target(file));
            return FileVisitResult.CONTINUE;
          }

          private Path target(Path visited) {
            return visited.equals(from) ? to : to.resolve(from.relativize(visited));
          }
        });
  }

  private static void linkFile(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(file, target, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** The lengths of all files below a directory, by their path relative to it, with slashes. */
  static Map<String, Long> lengths(Path directory) throws IOException {
    Map<String, Long> lengths = new TreeMap<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              String name = directory.relativize(file).toString().replace('\\', '/');
              lengths.put(name, attributes.size());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return lengths;
  }
}
