package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.InlineChunks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkPublisherTest {
  private static final String TOPIC = "serving.chunks";
  private static final int PARTITIONS = 6;
  private static final int CHUNK_BYTES = 1000;
  private static final String SHA_256 = "00000000000e" + "0".repeat(52);

  @TempDir Path directory;

  @Test
  void shouldCutShardIntoOrderedChunksOfOnePartitionWhenPublished() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);
    byte[] content = content(2 * CHUNK_BYTES + 1);

    // When
    InlineChunks published = publisher(producer).publish(fileOf(content), SHA_256);

    // Then
    assertThat(published).isEqualTo(new InlineChunks(0x0e % PARTITIONS, 0L, 3));
    assertThat(producer.history())
        .extracting(ProducerRecord::key)
        .containsExactly(SHA_256 + "/000000", SHA_256 + "/000001", SHA_256 + "/000002");
    assertThat(producer.history())
        .extracting(ProducerRecord::partition)
        .containsOnly(published.getPartition());
    assertThat(joined(producer.history())).isEqualTo(content);
  }

  @Test
  void shouldSayWhereChunksBeginWhenPartitionHoldsOthers() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);
    Path shard = fileOf(content(3 * CHUNK_BYTES));
    publisher(producer).publish(shard, SHA_256);

    // When
    InlineChunks again = publisher(producer).publish(shard, SHA_256);

    // Then
    assertThat(again.getFirstOffset()).isEqualTo(3);
    assertThat(again.getChunks()).isEqualTo(3);
  }

  @Test
  void shouldKeepFewChunksInFlightWhenBrokerIsSlow() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(false);
    Path shard = fileOf(content(12 * CHUNK_BYTES));

    // When
    CompletableFuture<InlineChunks> published =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return publisher(producer).publish(shard, SHA_256);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> producer.history().size() == 8);

    // Then
    producer.completeNext();
    await().until(() -> producer.history().size() == 9);
    await()
        .until(
            () -> {
              producer.completeNext();
              return published.isDone();
            });
    assertThat(published.get().getChunks()).isEqualTo(12);
  }

  @Test
  void shouldFailWhenChunkIsNotWritten() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(false);
    Path shard = fileOf(content(10));
    CompletableFuture<Boolean> refused =
        CompletableFuture.supplyAsync(
            () -> {
              await().until(() -> producer.history().size() == 1);
              return producer.errorNext(new KafkaException("no space left"));
            });

    // When / Then
    assertThatThrownBy(() -> publisher(producer).publish(shard, SHA_256))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("A chunk was not written: ")
        .hasMessageContaining("no space left");
    assertThat(refused.get()).isTrue();
  }

  private ChunkPublisher publisher(MockProducer<String, byte[]> producer) {
    return new ChunkPublisher(producer, new ToyCoding(), TOPIC, CHUNK_BYTES);
  }

  private static MockProducer<String, byte[]> producer(boolean autoComplete) {
    List<PartitionInfo> partitions =
        IntStream.range(0, PARTITIONS)
            .mapToObj(p -> new PartitionInfo(TOPIC, p, Node.noNode(), new Node[0], new Node[0]))
            .toList();
    Cluster cluster = new Cluster("cluster", List.of(), partitions, Set.of(), Set.of());
    return new MockProducer<>(
        cluster,
        autoComplete,
        new RoundRobinPartitioner(),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  private Path fileOf(byte[] content) throws IOException {
    return Files.write(directory.resolve("shard.safetensors"), content);
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new SplittableRandom(7).nextBytes(content);
    return content;
  }

  private static byte[] joined(List<ProducerRecord<String, byte[]>> chunks) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (ProducerRecord<String, byte[]> chunk : chunks) {
      assertThat(chunk.value().length).isLessThanOrEqualTo(CHUNK_BYTES);
      joined.writeBytes(chunk.value());
    }
    return joined.toByteArray();
  }

  /** The data alone, so that the test sees what a chunk carries. */
  private static final class ToyCoding implements Serializer<Chunk> {
    @Override
    public byte[] serialize(String topic, Chunk chunk) {
      ByteBuffer data = chunk.getData().duplicate();
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      return bytes;
    }
  }
}
