package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.HeaderBudget;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A delta artifact on disk: one file, or all shards of one. Opening reads and checks headers only;
 * {@link #check} reads everything.
 *
 * <p>Safe for use by several threads.
 */
public final class DeltaArtifact implements Closeable {
  private static final Pattern SHARD_FILE = Pattern.compile("model-\\d{5}-of-\\d{5}\\.safetensors");

  private final Path path;
  private final List<ArtifactShard> shards;
  private final ArtifactHeader header;
  private final SortedMap<String, TensorEntry> tensors = new TreeMap<>();
  private final SortedMap<String, ArtifactShard> shardOf = new TreeMap<>();

  private DeltaArtifact(Path path, List<ArtifactShard> shards) throws BadInputException {
    this.path = path;
    this.shards = shards.stream().sorted(Comparator.comparing(ArtifactShard::index)).toList();
    requireAllShards();
    for (ArtifactShard shard : this.shards) {
      for (TensorEntry entry : shard.entries().values()) {
        if (tensors.put(entry.info().name(), entry) != null) {
          throw BadInputException.of(shard.path(), entry.info().name(), "is in two shards");
        }
        shardOf.put(entry.info().name(), shard);
      }
    }
    this.header = wholeHeader();
  }

  /** The header of the shards, with the factors of all their tensors. */
  private ArtifactHeader wholeHeader() {
    SortedMap<String, Double> factors = new TreeMap<>();
    shards.forEach(shard -> factors.putAll(shard.header().rescale().perTensor()));
    ArtifactHeader shared = shards.get(0).header();
    return shared.with(new RescaleFactors(shared.rescale().common(), factors));
  }

  /** The name of a shard file in the directory of an artifact; {@code index} from 0. */
  static String fileName(int index, int shards) {
    return String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", index + 1, shards);
  }

  /**
   * Opens an artifact.
   *
   * @param path a file, or a directory whose files {@code model-00001-of-00002.safetensors} and so
   *     on are the shards; other files there are not looked at
   * @throws BadInputException if there is no artifact, or it breaks a rule of the format
   */
  public static DeltaArtifact open(Path path) throws IOException {
    List<Path> files = Files.isDirectory(path) ? shardFiles(path) : List.of(path);
    return open(path, files, HeaderBudget.standard());
  }

  /**
   * Opens an artifact whose shards are files of any name, in any order.
   *
   * @throws BadInputException if they are not the shards of one artifact, break a rule, or have
   *     larger headers together than a checkpoint may have
   */
  public static DeltaArtifact open(List<Path> files) throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("an artifact has at least one file");
    }
    return open(files.get(0), files, HeaderBudget.standard());
  }

  private static List<Path> shardFiles(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> children = Files.list(directory)) {
      files =
          children
              .filter(child -> SHARD_FILE.matcher(child.getFileName().toString()).matches())
              .sorted()
              .toList();
    }
    if (files.isEmpty()) {
      throw BadInputException.of(
          directory, "holds no artifact; it has no file model-00001-of-….safetensors");
    }
    return files;
  }

  /**
   * @param budget for the headers of all files together
   */
  static DeltaArtifact open(Path path, List<Path> files, HeaderBudget budget) throws IOException {
    if (files.size() > ArtifactHeader.MAX_SHARDS) {
      throw BadInputException.of(path, "has more than " + ArtifactHeader.MAX_SHARDS + " shards");
    }
    List<ArtifactShard> shards = new ArrayList<>();
    try {
      for (Path file : files) {
        shards.add(ArtifactShard.open(file, budget));
      }
      return new DeltaArtifact(path, shards);
    } catch (IOException e) {
      shards.forEach(ArtifactShard::close);
      throw e;
    }
  }

  private void requireAllShards() throws BadInputException {
    ArtifactShard first = shards.get(0);
    for (int i = 0; i < shards.size(); i++) {
      ArtifactShard shard = shards.get(i);
      if (shard.shards() != shards.size() || shard.index() != i) {
        throw BadInputException.of(
            shard.path(),
            String.format(
                Locale.ROOT,
                "is shard %d of %d, but %d were found and this should be number %d; fetch the others",
                shard.index(),
                shard.shards(),
                shards.size(),
                i));
      }
      if (!shard.header().shared().equals(first.header().shared())) {
        throw BadInputException.of(
            shard.path(), "belongs to another artifact than " + first.path().getFileName());
      }
    }
  }

  /** What the artifact was opened from. */
  public Path path() {
    return path;
  }

  /** The files it consists of, in order of shards. */
  public List<Path> files() {
    return shards.stream().map(ArtifactShard::path).toList();
  }

  /** What the artifact says of itself. */
  public ArtifactHeader header() {
    return header;
  }

  /** Weights digest of the checkpoint it is to be applied to. */
  public WeightsDigest parentDigest() {
    return header().parent();
  }

  /** What it does to each tensor it touches, by name; unmodifiable. */
  public SortedMap<String, TensorEntry> tensors() {
    return Collections.unmodifiableSortedMap(tensors);
  }

  /** Bytes of all files together. */
  public long bytes() throws IOException {
    long bytes = 0;
    for (ArtifactShard shard : shards) {
      bytes += Files.size(shard.path());
    }
    return bytes;
  }

  /**
   * Reads all files and checks each against its own digest.
   *
   * @return the content address
   * @throws io.deltapress.format.IntegrityException if a file was damaged or changed
   */
  public ArtifactDigest check() throws IOException {
    List<String> sha256 = new ArrayList<>();
    for (ArtifactShard shard : shards) {
      sha256.add(shard.check());
    }
    return ArtifactDigest.of(sha256);
  }

  /** The shard that holds what belongs to a tensor. */
  ArtifactShard shardOf(String tensor) {
    ArtifactShard shard = shardOf.get(tensor);
    if (shard == null) {
      throw new IllegalArgumentException("the artifact does not touch tensor " + tensor);
    }
    return shard;
  }

  /** Lets go of the files. */
  @Override
  public void close() {
    shards.forEach(ArtifactShard::close);
  }
}
