package io.deltapress.follower.fetch;

import io.deltapress.follower.follow.Decoders;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.StoredObject;
import io.deltapress.schemas.topic.Topics;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Gets shards onto this host, from wherever their manifest says they are. Memory is bounded by a
 * chunk. Used by one thread.
 */
public final class ShardFetcher implements Closeable {
  private final ChunkReader chunks;
  private final Optional<StoredObjects> objects;
  private final StopSignal stop;

  /**
   * @param decoders read chunk records
   * @param consumers creates a consumer for chunk records, when first needed
   * @param objects where stored objects are, if this host has a store
   */
  public ShardFetcher(
      Decoders decoders,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Optional<StoredObjects> objects,
      StopSignal stop) {
    this.chunks =
        new ChunkReader(
            decoders.nameOf(Topics.SERVING_CHUNKS),
            decoders.of(Topics.SERVING_CHUNKS),
            consumers,
            stop);
    this.objects = objects;
    this.stop = stop;
  }

  /**
   * The file of a shard, fetched unless the cache has it.
   *
   * @throws FetchException if the shard is missing, corrupt, or has an impossible manifest
   * @throws org.apache.kafka.common.KafkaException if the broker or the registry does not answer
   */
  public Path fetch(ShardManifest shard, ShardCache cache) throws IOException {
    Shards.requirePossible(shard);
    Optional<Path> cached = cache.find(shard);
    if (cached.isPresent()) {
      return cached.get();
    }
    if (shard.getLocation() instanceof InlineChunks inline) {
      return chunks.read(shard, inline, cache);
    }
    if (shard.getLocation() instanceof StoredObject stored) {
      return copy(shard, stored, cache);
    }
    throw new FetchException(
        "Shard %d is at a kind of place this follower does not know; upgrade the follower"
            .formatted(shard.getIndex()));
  }

  private Path copy(ShardManifest shard, StoredObject stored, ShardCache cache) throws IOException {
    if (objects.isEmpty()) {
      throw new FetchException(
          "Shard %d is in store %s, but this follower has none; set store.directory"
              .formatted(shard.getIndex(), stored.getStore()));
    }
    Path part = cache.newPart(shard, "stored");
    try (InputStream object = objects.get().open(stored.getStore(), stored.getKey())) {
      VerifiedCopy.copy(object, shard, part, stop);
      return cache.commit(shard, part);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public void close() {
    chunks.close();
  }
}
