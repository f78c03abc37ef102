package io.deltapress.follower.fetch;

import io.deltapress.schemas.ShardManifest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The shards of one model on this host, each under its SHA-256. A shard appears under its name only
 * with all its bytes verified, so that the name and the length tell that it is there.
 */
public final class ShardCache {
  private static final String SUFFIX = ".safetensors";
  private static final String PART_SUFFIX = ".part";

  private final Path directory;

  /** The cache in a directory, which is created when the first shard arrives. */
  public ShardCache(Path directory) {
    this.directory = directory;
  }

  /** The file of a shard if it is there. */
  public Optional<Path> find(ShardManifest shard) throws IOException {
    Path file = fileOf(shard);
    return Files.isRegularFile(file) && Files.size(file) == shard.getLength()
        ? Optional.of(file)
        : Optional.empty();
  }

  /** Where to spool a shard; several files may start with this name and end in {@code .part}. */
  Path newPart(ShardManifest shard, String variant) throws IOException {
    Files.createDirectories(directory);
    return directory.resolve(shard.getSha256() + "." + variant + PART_SUFFIX);
  }

  /** Gives a verified file, already on the disk, its name. */
  Path commit(ShardManifest shard, Path part) throws IOException {
    return Files.move(part, fileOf(shard), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what an earlier process was in the middle of. */
  public void removeParts() throws IOException {
    removeIf(name -> name.endsWith(PART_SUFFIX));
  }

  /** Removes those of some shards that have rotted on the disk, so that they are fetched again. */
  public void removeDamaged(List<ShardManifest> shards) throws IOException {
    for (ShardManifest shard : shards) {
      Path file = fileOf(shard);
      if (Files.isRegularFile(file) && !Sha256.of(file).equals(shard.getSha256())) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Removes the shards that none of these digests names. */
  public void retain(Set<String> sha256) throws IOException {
    removeIf(
        name ->
            name.endsWith(SUFFIX)
                && !sha256.contains(name.substring(0, name.length() - SUFFIX.length())));
  }

  private void removeIf(Predicate<String> condition) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directory, file -> condition.test(String.valueOf(file.getFileName())))) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Path fileOf(ShardManifest shard) {
    return directory.resolve(shard.getSha256() + SUFFIX);
  }
}
