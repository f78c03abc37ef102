package io.deltapress.follower.materialise;

import io.deltapress.follower.fetch.ShardCache;
import io.deltapress.format.AtomicFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The directory of one model: {@code versions/000007} for each version that is kept, {@code
 * current}, a relative link to the one that is served, and {@code shards}, the cache. A version
 * that is being built, or deleted, has a name that ends in {@code .tmp}.
 */
final class ModelDirectory {
  private static final Pattern VERSION = Pattern.compile("[0-9]{6,9}");
  private static final String VERSIONS = "versions";
  private static final String TEMPORARY_SUFFIX = ".tmp";
  private static final String CURRENT = "current";

  private final Path root;

  ModelDirectory(Path root) {
    this.root = root;
  }

  /** The cache of shards. */
  ShardCache shards() {
    return new ShardCache(root.resolve("shards"));
  }

  /** The link to the version that is served. */
  Path current() {
    return root.resolve(CURRENT);
  }

  /** Where a version is, or will be. */
  Path version(int number) {
    return versions().resolve("%06d".formatted(number));
  }

  /** Removes what an earlier process was in the middle of. */
  void recover() throws IOException {
    shards().removeParts();
    Files.deleteIfExists(temporary(current()));
    if (!Files.isDirectory(versions())) {
      return;
    }
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(versions(), "*" + TEMPORARY_SUFFIX)) {
      for (Path leftover : leftovers) {
        FileTrees.delete(leftover);
      }
    }
  }

  /** What a finished version consists of, if it is there whole. */
  Optional<VersionFile> finished(int number) throws IOException {
    Path directory = version(number);
    Optional<VersionFile> file = VersionFile.read(directory);
    return file.isPresent() && file.get().isComplete(directory) ? file : Optional.empty();
  }

  /** An empty directory in which to build a version. */
  Path begin(int number) throws IOException {
    Path building = temporary(version(number));
    FileTrees.delete(building);
    return Files.createDirectories(building);
  }

  /** Gives a version that has been built its name, in place of a damaged one if need be. */
  void finish(int number) throws IOException {
    Path target = version(number);
    Path damaged = version(number).resolveSibling("damaged" + TEMPORARY_SUFFIX);
    FileTrees.delete(damaged);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(target, damaged, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(temporary(target), target, StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.forceDirectory(target);
    FileTrees.delete(damaged);
  }

  /** Removes what {@link #begin} gave. */
  void abandon(int number) throws IOException {
    FileTrees.delete(temporary(version(number)));
  }

  /** The version that is served, if one is there. */
  OptionalInt served() throws IOException {
    if (!Files.isSymbolicLink(current()) || !Files.isDirectory(current())) {
      return OptionalInt.empty();
    }
    String name = String.valueOf(Files.readSymbolicLink(current()).getFileName());
    return VERSION.matcher(name).matches()
        ? OptionalInt.of(Integer.parseInt(name))
        : OptionalInt.empty();
  }

  /** Serves a finished version from now on: the link is replaced at once. */
  void serve(int number) throws IOException {
    Path link = temporary(current());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, root.relativize(version(number)));
    Files.move(link, current(), StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.forceDirectory(current());
  }

  /**
   * Deletes all but one version and the latest of the others, and the shards of none of them. Of
   * the others, those are never kept that have an edit the served one has not: it was taken back,
   * perhaps because it is about a person.
   */
  void prune(int served, int keepOthers) throws IOException {
    List<Integer> others = new ArrayList<>(numbers());
    others.remove((Integer) served);
    others.sort(Collections.reverseOrder());
    Set<VersionFile.Edit> live = new HashSet<>(edits(served));
    int kept = 0;
    for (int number : others) {
      if (kept < keepOthers && live.containsAll(edits(number))) {
        kept++;
        continue;
      }
      Path doomed = temporary(version(number));
      FileTrees.delete(doomed);
      Files.move(version(number), doomed, StandardCopyOption.ATOMIC_MOVE);
      FileTrees.delete(doomed);
    }
    Set<String> shards = new HashSet<>();
    for (int number : numbers()) {
      VersionFile.read(version(number)).ifPresent(file -> file.cached().forEach(shards::add));
    }
    shards().retain(shards);
  }

  private List<VersionFile.Edit> edits(int number) throws IOException {
    return VersionFile.read(version(number)).map(VersionFile::edits).orElse(List.of());
  }

  /** The versions that are there, whole or damaged. */
  List<Integer> numbers() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    if (!Files.isDirectory(versions())) {
      return numbers;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(versions())) {
      for (Path child : children) {
        String name = String.valueOf(child.getFileName());
        if (VERSION.matcher(name).matches()) {
          numbers.add(Integer.parseInt(name));
        }
      }
    }
    return numbers;
  }

  private Path versions() {
    return root.resolve(VERSIONS);
  }

  private static Path temporary(Path path) {
    return path.resolveSibling(path.getFileName() + TEMPORARY_SUFFIX);
  }
}
