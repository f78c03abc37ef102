package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.app.storage.ByteRange;
import io.deltapress.app.storage.FileSystemObjectStore;
import io.deltapress.app.storage.ObjectKey;
import io.deltapress.app.storage.ObjectStore;
import io.deltapress.follower.fetch.StoredObjects;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ShardCompressor;
import io.deltapress.format.artifact.ShardScope;
import io.deltapress.format.artifact.ShardSummary;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.StoredObject;
import io.deltapress.schemas.TensorChecksum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruneShardHandlerTest {
  private static final String TOPIC = "serving.chunks";
  private static final int CHUNK_BYTES = 4096;

  @TempDir Path host;
  HandlerFixture fixture;
  ScratchDirectory scratch;
  MockProducer<String, byte[]> producer;

  @BeforeEach
  void layOutHost() throws IOException {
    fixture = HandlerFixture.in(host);
    scratch = ScratchDirectory.open(host.resolve("scratch"));
    producer = producer();
  }

  @AfterEach
  void letGo() throws IOException {
    scratch.close();
  }

  @Test
  void shouldPublishBytesOfOfflineCompressionWhenInline() throws Exception {
    // Given
    PruneShard work = fixture.pruneShard(Delivery.INLINE);
    Path offline = compressOffline(work);

    // When
    ShardPruned pruned = handle(work, Optional.empty());

    // Then
    assertThat(pruned.getManifest().getLocation()).isInstanceOf(InlineChunks.class);
    assertThat(pruned.getManifest().getLength()).isEqualTo(Files.size(offline));
    assertThat(published()).isEqualTo(Files.readAllBytes(offline));
  }

  @Test
  void shouldTellChecksumsAndStatisticsOfFineTuneWhenPruned() throws Exception {
    // Given
    PruneShard work = fixture.pruneShard(Delivery.INLINE);

    // When
    ShardPruned pruned = handle(work, Optional.empty());

    // Then
    assertThat(pruned.getChecksums())
        .extracting(TensorChecksum::getName)
        .containsExactlyElementsOf(TestCheckpoints.TENSORS);
    assertThat(pruned.getChecksums().get(0).getShape()).containsExactly(64L, 48L);
    assertThat(pruned.getChecksums().get(0).getDtype()).isEqualTo("F32");
    assertThat(pruned.getStatistics().getCount()).isEqualTo(TestCheckpoints.PARAMETERS);
    assertThat(pruned.getStatistics().getMean()).isBetween(0.0004, 0.0006);
  }

  @Test
  void shouldGiveSameShardWhenDeliveredTwice() throws Exception {
    // Given
    PruneShard work = fixture.pruneShard(Delivery.INLINE);
    ShardPruned first = handle(work, Optional.empty());

    // When
    ShardPruned second = handle(work, Optional.empty());

    // Then
    assertThat(second.getManifest().getSha256()).isEqualTo(first.getManifest().getSha256());
    assertThat(second.getChecksums()).isEqualTo(first.getChecksums());
    assertThat(second.getStatistics()).isEqualTo(first.getStatistics());
  }

  @Test
  void shouldPutObjectWhereFollowersFindItWhenStored() throws Exception {
    // Given
    PruneShard work = fixture.pruneShard(Delivery.STORED);
    Path directory = host.resolve("store");
    ObjectStore store = FileSystemObjectStore.open(directory);

    // When
    ShardPruned pruned = handle(work, Optional.of(store));

    // Then
    StoredObject stored = (StoredObject) pruned.getManifest().getLocation();
    assertThat(stored.getKey())
        .isEqualTo(ObjectKey.ofSha256(pruned.getManifest().getSha256()).value());
    try (InputStream ours = store.open(new ObjectKey(stored.getKey()), ByteRange.whole());
        InputStream theirs =
            new StoredObjects(directory).open(stored.getStore(), stored.getKey())) {
      assertThat(theirs).hasSameContentAs(ours);
    }
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void shouldAskForStoreWhenWorkerHasNone() {
    // Given
    PruneShard work = fixture.pruneShard(Delivery.STORED);

    // When / Then
    assertThatThrownBy(() -> handle(work, Optional.empty()))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            e -> assertThat(e.reason()).isEqualTo(ReasonCode.STORE_UNAVAILABLE))
        .hasMessage(
            "The artifact is too large for Kafka and this worker has no store;"
                + " set store.directory");
  }

  @Test
  void shouldRefuseWhenBaseHasAnotherDigestThanTask() {
    // Given
    PruneShard work = fixture.pruneShardOf("0".repeat(64));

    // When / Then
    assertThatThrownBy(() -> handle(work, Optional.empty()))
        .isInstanceOfSatisfying(
            TaskRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(ReasonCode.BASE_DIGEST_MISMATCH));
  }

  @Test
  void shouldLeaveScratchEmptyWhenTaskEnds() throws Exception {
    // Given
    handle(fixture.pruneShard(Delivery.INLINE), Optional.empty());
    TestCheckpoints.fillNorm(fixture.fineTunedPath(), Float.NaN);

    // When
    assertThatThrownBy(() -> handle(fixture.pruneShard(Delivery.INLINE), Optional.empty()))
        .hasMessageContaining("norm.weight");

    // Then
    try (Stream<Path> left = Files.walk(host.resolve("scratch/tasks"))) {
      assertThat(left).containsExactly(host.resolve("scratch/tasks"));
    }
  }

  @Test
  void shouldStopSoonWhenAbandoned() {
    // Given
    AtomicLong calls = new AtomicLong();
    ProgressListener progress =
        bytes -> {
          calls.incrementAndGet();
          Thread.currentThread().interrupt();
          new InterruptibleProgress().advanced(bytes);
        };

    // When / Then
    assertThatThrownBy(() -> handle(fixture.pruneShard(Delivery.INLINE), progress))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(calls).hasValue(1);
  }

  private ShardPruned handle(PruneShard work, Optional<ObjectStore> store) throws Exception {
    return handle(work, store, ProgressListener.none());
  }

  private ShardPruned handle(PruneShard work, ProgressListener progress) throws Exception {
    return handle(work, Optional.empty(), progress);
  }

  private ShardPruned handle(
      PruneShard work, Optional<ObjectStore> store, ProgressListener progress) throws Exception {
    ChunkPublisher chunks =
        new ChunkPublisher(producer, PruneShardHandlerTest::data, TOPIC, CHUNK_BYTES);
    PruneShardHandler handler =
        new PruneShardHandler(
            new TrustedBase(fixture.digests),
            fixture.digests,
            scratch,
            new ShardDelivery(chunks, store),
            WorkerMetrics.none());
    try (TaskSources sources = fixture.taskSources()) {
      return handler.handle(work, sources, progress);
    }
  }

  private Path compressOffline(PruneShard work) throws Exception {
    Path out = host.resolve("offline.safetensors");
    try (Checkpoint base = Checkpoints.open(fixture.basePath());
        Checkpoint fineTuned = Checkpoints.open(fixture.fineTunedPath())) {
      ShardCompressor compressor =
          new ShardCompressor(
              base,
              fineTuned,
              new WeightsDigest(fixture.baseDigest),
              WireSettings.of(work.getCompression()),
              fixture.digests);
      ShardSummary summary =
          compressor.compress(
              new ShardScope(0, 1, work.getTensors()), out, ProgressListener.none());
      assertThat(summary.bytes()).isEqualTo(Files.size(out));
    }
    return out;
  }

  private byte[] published() {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    producer.history().forEach(chunk -> joined.writeBytes(chunk.value()));
    return joined.toByteArray();
  }

  private static byte[] data(String topic, Chunk chunk) {
    byte[] bytes = new byte[chunk.getData().remaining()];
    chunk.getData().duplicate().get(bytes);
    return bytes;
  }

  private static MockProducer<String, byte[]> producer() {
    PartitionInfo partition = new PartitionInfo(TOPIC, 0, Node.noNode(), new Node[0], new Node[0]);
    return new MockProducer<>(
        new Cluster("cluster", List.of(), List.of(partition), Set.of(), Set.of()),
        true,
        new RoundRobinPartitioner(),
        new StringSerializer(),
        new ByteArraySerializer());
  }
}
