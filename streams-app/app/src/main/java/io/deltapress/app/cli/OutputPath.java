package io.deltapress.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** {@code --out}, with the promise that what is there already is not lost by accident. */
final class OutputPath {
  private static final String SINGLE_FILE_SUFFIX = ".safetensors";

  @Option(
      names = "--out",
      paramLabel = "PATH",
      required = true,
      description = {
        "Where to write: one file if it ends in .safetensors, otherwise a directory. Appears only"
            + " when it is complete."
      })
  private Path path;

  @Option(names = "--overwrite", description = "Replace what is at --out.")
  private boolean overwrite;

  /** Writes a result to a path; what it throws leaves nothing there. */
  @FunctionalInterface
  interface Writing<T> {
    T writeTo(Path target) throws IOException;
  }

  /** The path as it was given. */
  Path path() {
    return path;
  }

  /** Fails, before any work is done, if something is there that may not be replaced. */
  void check(Path... inputs) throws IOException {
    requireOther(path, inputs);
    if (isFree()) {
      return;
    }
    if (!overwrite) {
      throw new UsageException(
          path + " exists already: choose another --out, or replace it with --overwrite");
    }
    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    if (directory != !path.toString().endsWith(SINGLE_FILE_SUFFIX)) {
      throw new UsageException(
          path
              + (directory ? " is a directory" : " is not a directory")
              + ": choose another --out");
    }
    if (directory && !holdsTensors(path)) {
      throw new UsageException(
          path + " holds no .safetensors file, so it is not replaced: choose another --out");
    }
  }

  /** The same for a further file that the command writes, which must not lie in the result. */
  void checkFile(String option, Path file, Path... inputs) throws IOException {
    requireOther(file, inputs);
    if (location(file).startsWith(location(path))) {
      throw new UsageException(
          option + " " + file + " is --out or lies in it: write to another path");
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !overwrite) {
      throw new UsageException(
          file + " exists already: choose another " + option + ", or replace it with --overwrite");
    }
  }

  private static void requireOther(Path output, Path... inputs) throws IOException {
    for (Path input : inputs) {
      if (!Files.exists(output) || !Files.exists(input)) {
        continue;
      }
      if (Files.isSameFile(output, input)) {
        throw new UsageException(output + " is an input too: write to another path");
      }
      if (overlaps(output.toRealPath(), input.toRealPath())) {
        throw new UsageException(
            output + " and the input " + input + " overlap: write to another path");
      }
    }
  }

  /** Where a file will be that need not exist yet, with the links of its directory followed. */
  private static Path location(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Path directory = absolute.getParent();
    return directory == null || !Files.exists(directory)
        ? absolute
        : directory.toRealPath().resolve(absolute.getFileName());
  }

  private static boolean overlaps(Path output, Path input) {
    return output.startsWith(input) || input.startsWith(output);
  }

  /** Has the result written, replacing what was there only once the new one is whole. */
  <T> T write(Writing<T> writing) throws IOException {
    check();
    if (isFree() || !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return writing.writeTo(path);
    }
    Path replacement = sibling("new");
    T written = writing.writeTo(replacement);
    Path replaced = sibling("old");
    Files.move(path, replaced, StandardCopyOption.ATOMIC_MOVE);
    Files.move(replacement, path, StandardCopyOption.ATOMIC_MOVE);
    Trees.delete(replaced);
    return written;
  }

  private Path sibling(String purpose) {
    String name = "." + path.getFileName() + "." + ProcessHandle.current().pid() + "." + purpose;
    return path.toAbsolutePath().resolveSibling(name);
  }

  /** Nothing, or an empty directory. */
  private boolean isFree() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> children = Files.list(path)) {
      return children.findAny().isEmpty();
    }
  }

  private static boolean holdsTensors(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.anyMatch(child -> child.toString().endsWith(SINGLE_FILE_SUFFIX));
    }
  }
}
