package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Opens the shards of an index and checks that index and shards agree on every tensor. */
final class ShardedOpening {
  private final ShardIndex index;
  private final Set<String> found = new HashSet<>();
  private final List<Header> headers = new ArrayList<>();

  private ShardedOpening(ShardIndex index) {
    this.index = index;
  }

  /**
   * @param path what the user named
   * @param indexFile the index, in the directory of the shards
   */
  static Checkpoint open(Path path, Path indexFile) throws IOException {
    Path directory = indexFile.toAbsolutePath().getParent();
    if (directory == null) {
      throw BadInputException.of(indexFile, "not a regular file");
    }
    Enclosure enclosure = Enclosure.of(directory);
    enclosure.require(indexFile);
    ShardedOpening opening = new ShardedOpening(ShardIndex.read(indexFile));
    opening.readShards(indexFile, enclosure);
    opening.requireAllFound(indexFile);
    return MappedCheckpoint.of(path, opening.headers);
  }

  private void readShards(Path indexFile, Enclosure enclosure) throws IOException {
    HeaderBudget budget = HeaderBudget.standard();
    for (String shard : index.shards()) {
      Path file = indexFile.resolveSibling(shard);
      enclosure.require(file);
      Header header = new HeaderReader(file, budget).read();
      for (Header.Entry entry : header.entries()) {
        requirePlaced(file, shard, entry.info().name());
      }
      headers.add(header);
    }
  }

  private void requirePlaced(Path file, String shard, String tensor) throws BadInputException {
    String placed = index.shardOf().get(tensor);
    if (placed == null) {
      throw BadInputException.of(
          file, tensor, "the index does not list it; index and shards belong to different models");
    }
    if (!placed.equals(shard)) {
      throw BadInputException.of(
          file, tensor, "the index places it in " + placed + "; a tensor may be in one shard only");
    }
    found.add(tensor);
  }

  private void requireAllFound(Path indexFile) throws BadInputException {
    if (found.size() == index.shardOf().size()) {
      return;
    }
    for (var placed : index.shardOf().entrySet()) {
      if (!found.contains(placed.getKey())) {
        throw BadInputException.of(
            indexFile,
            placed.getKey(),
            "the index places it in " + placed.getValue() + ", which does not hold it");
      }
    }
  }
}
