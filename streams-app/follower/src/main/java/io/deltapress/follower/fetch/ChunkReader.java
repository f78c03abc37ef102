package io.deltapress.follower.fetch;

import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ShardManifest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads shards from the chunk topic: seeks to a shard's first chunk and reads forward, past the
 * chunks of others, until all of its own have been seen or the end that the partition had at the
 * beginning is reached. The topic is never scanned. Used by one thread.
 */
final class ChunkReader implements Closeable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChunkReader.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final String topic;
  private final Deserializer<Chunk> deserializer;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final StopSignal stop;
  private @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * @param consumers creates a consumer that reads committed records, when first needed and again
   *     after a failure
   */
  ChunkReader(
      String topic,
      Deserializer<Chunk> deserializer,
      Supplier<Consumer<byte[], byte[]>> consumers,
      StopSignal stop) {
    this.topic = topic;
    this.deserializer = deserializer;
    this.consumers = consumers;
    this.stop = stop;
  }

  /**
   * Reads a shard into the cache.
   *
   * @throws FetchException if its chunks are missing or corrupt
   * @throws org.apache.kafka.common.KafkaException if the broker or the registry does not answer
   */
  Path read(ShardManifest shard, InlineChunks inline, ShardCache cache) throws IOException {
    Shards.requirePossible(shard, inline);
    boolean done = false;
    try (ShardAssembly assembly = new ShardAssembly(shard, inline.getChunks(), cache, stop)) {
      Path file = new Reading(open(), shard, inline, assembly).read();
      done = true;
      return file;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private Consumer<byte[], byte[]> open() {
    if (consumer == null) {
      consumer = consumers.get();
    }
    return consumer;
  }

  /** Lets go of the broker; the next shard connects again. */
  @Override
  public void close() {
    if (consumer != null) {
      consumer.close();
      consumer = null;
    }
  }

  /** The reading of one shard. */
  private final class Reading {
    private final Consumer<byte[], byte[]> from;
    private final ShardManifest shard;
    private final InlineChunks inline;
    private final ShardAssembly assembly;
    private final String keyPrefix;

    Reading(
        Consumer<byte[], byte[]> from,
        ShardManifest shard,
        InlineChunks inline,
        ShardAssembly assembly) {
      this.from = from;
      this.shard = shard;
      this.inline = inline;
      this.assembly = assembly;
      this.keyPrefix = shard.getSha256() + "/";
    }

    Path read() throws IOException {
      TopicPartition partition = partition();
      from.assign(List.of(partition));
      long end = from.endOffsets(List.of(partition)).get(partition);
      from.seek(partition, inline.getFirstOffset());
      long advancedAt = System.nanoTime();
      long position = inline.getFirstOffset();
      while (position < end) {
        stop.check();
        for (ConsumerRecord<byte[], byte[]> record : from.poll(POLL)) {
          Optional<Path> file = add(record);
          if (file.isPresent()) {
            from.unsubscribe();
            return file.get();
          }
        }
        long now = from.position(partition);
        advancedAt = now == position ? requirePatience(advancedAt) : System.nanoTime();
        position = now;
      }
      return assembly.finish();
    }

    private TopicPartition partition() throws FetchException {
      List<PartitionInfo> known = from.partitionsFor(topic);
      if (known == null || inline.getPartition() >= known.size()) {
        throw new FetchException(
            "Shard %d is said to be in partition %d of %s, which does not exist; check the topic"
                .formatted(shard.getIndex(), inline.getPartition(), topic));
      }
      return new TopicPartition(topic, inline.getPartition());
    }

    private long requirePatience(long advancedAt) throws FetchException {
      if (System.nanoTime() - advancedAt > SILENCE.toNanos()) {
        throw new FetchException(
            "Shard %d cannot be read: %s sends nothing for %d s; check the broker"
                .formatted(shard.getIndex(), topic, SILENCE.toSeconds()));
      }
      return advancedAt;
    }

    private Optional<Path> add(ConsumerRecord<byte[], byte[]> record) throws IOException {
      if (record.key() == null
          || record.value() == null
          || !new String(record.key(), StandardCharsets.UTF_8).startsWith(keyPrefix)) {
        return Optional.empty();
      }
      Chunk chunk = decoded(record);
      return chunk != null && isOfShard(chunk)
          ? assembly.add(chunk.getIndex(), chunk.getData())
          : Optional.empty();
    }

    private @Nullable Chunk decoded(ConsumerRecord<byte[], byte[]> record) {
      try {
        return deserializer.deserialize(topic, record.value());
      } catch (SerializationException e) {
        LOGGER.warn(
            "Skipped a chunk of shard {} at {} partition {} offset {}: {}",
            shard.getSha256(),
            topic,
            record.partition(),
            record.offset(),
            e.getMessage());
        return null;
      }
    }

    private boolean isOfShard(Chunk chunk) {
      return chunk.getShardSha256().equals(shard.getSha256())
          && chunk.getCount() == inline.getChunks()
          && chunk.getIndex() >= 0
          && chunk.getIndex() < inline.getChunks();
    }
  }
}
