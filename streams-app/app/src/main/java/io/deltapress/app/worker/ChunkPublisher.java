package io.deltapress.app.worker;

import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.topic.ChunkKey;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Publishes a shard as chunks, in order and into one partition, which its digest chooses, so that
 * publishing again overwrites under compaction. Few chunks are in flight at once: memory stays
 * bounded, and a flood would only wait in the producer's queue.
 *
 * <p>Chunks of a shard may appear more than once, interleaved with those of other shards: readers
 * collect them by key.
 */
final class ChunkPublisher {
  private static final int MOST_IN_FLIGHT = 8;

  private final Producer<String, byte[]> producer;
  private final Serializer<Chunk> serializer;
  private final String topic;
  private final int chunkBytes;

  /**
   * @param producer idempotent, so that retries keep the order
   */
  ChunkPublisher(
      Producer<String, byte[]> producer,
      Serializer<Chunk> serializer,
      String topic,
      int chunkBytes) {
    this.producer = producer;
    this.serializer = serializer;
    this.topic = topic;
    this.chunkBytes = chunkBytes;
  }

  /**
   * Publishes a shard and returns when all of it is durable.
   *
   * @param sha256 digest of the file
   * @throws IOException if the file cannot be read or a chunk was not written
   * @throws InterruptedException if the task was abandoned
   */
  InlineChunks publish(Path shard, String sha256) throws IOException, InterruptedException {
    int partition = partitionOf(sha256, producer.partitionsFor(topic).size());
    try (FileChannel file = FileChannel.open(shard, StandardOpenOption.READ)) {
      int count = chunkCount(file.size(), chunkBytes);
      InFlight inFlight = new InFlight();
      for (int index = 0; index < count; index++) {
        inFlight.add(send(partition, chunk(file, sha256, index, count)));
      }
      return new InlineChunks(partition, inFlight.awaitAll(), count);
    } catch (InterruptException e) {
      throw new InterruptedException(e.getMessage());
    }
  }

  /** The partition a shard belongs to, the same at every attempt. */
  static int partitionOf(String sha256, int partitions) {
    return (int) (Long.parseLong(sha256.substring(0, 12), 16) % partitions);
  }

  private static int chunkCount(long bytes, int chunkBytes) {
    return Math.toIntExact((bytes + chunkBytes - 1) / chunkBytes);
  }

  private Future<RecordMetadata> send(int partition, Chunk chunk) {
    String key = new ChunkKey(chunk.getShardSha256(), chunk.getIndex()).toString();
    return producer.send(
        new ProducerRecord<>(topic, partition, key, serializer.serialize(topic, chunk)));
  }

  private Chunk chunk(FileChannel file, String sha256, int index, int count) throws IOException {
    long offset = (long) index * chunkBytes;
    ByteBuffer data = ByteBuffer.allocate((int) Math.min(chunkBytes, file.size() - offset));
    while (data.hasRemaining()) {
      if (file.read(data, offset + data.position()) < 0) {
        throw new EOFException("A shard shrank while it was published");
      }
    }
    return new Chunk(sha256, index, count, data.flip());
  }

  /** The sends not confirmed yet, oldest first, and the offset of the very first. */
  private static final class InFlight {
    private final Deque<Future<RecordMetadata>> sends = new ArrayDeque<>();
    private long firstOffset = -1;

    void add(Future<RecordMetadata> send) throws IOException, InterruptedException {
      sends.add(send);
      if (sends.size() >= MOST_IN_FLIGHT) {
        awaitOldest();
      }
    }

    long awaitAll() throws IOException, InterruptedException {
      while (!sends.isEmpty()) {
        awaitOldest();
      }
      if (firstOffset < 0) {
        throw new IOException("The brokers did not say where the chunks of a shard begin");
      }
      return firstOffset;
    }

    private void awaitOldest() throws IOException, InterruptedException {
      try {
        RecordMetadata metadata = sends.remove().get();
        firstOffset = firstOffset < 0 ? metadata.offset() : firstOffset;
      } catch (ExecutionException e) {
        throw new IOException("A chunk was not written: " + e.getCause(), e.getCause());
      }
    }
  }
}
