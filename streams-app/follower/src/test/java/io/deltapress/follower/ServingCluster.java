package io.deltapress.follower;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.FollowerStatus;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Revocation;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.ChunkKey;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import io.deltapress.schemas.topic.VersionKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Serving topics under a prefix of their own, and what planner and workers would write there. */
final class ServingCluster implements AutoCloseable {
  static final int CHUNK_BYTES = 1_000;

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final int PARTITIONS = 2;
  private static final List<Topic<?>> TOPICS =
      List.of(
          Topics.BASES,
          Topics.SERVING_VERSIONS,
          Topics.SERVING_HEADS,
          Topics.SERVING_CHUNKS,
          Topics.SERVING_STATUS);

  private final Connection connection;
  private final KafkaProducer<String, byte[]> producer;

  private ServingCluster(Connection connection, KafkaProducer<String, byte[]> producer) {
    this.connection = connection;
    this.producer = producer;
  }

  static ServingCluster create(TestBroker broker) throws ExecutionException, InterruptedException {
    String name = "t" + UUID.randomUUID();
    Connection connection =
        Connection.fromProperties(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "schema.registry.url",
                "mock://" + name,
                "topic.prefix",
                name + ".",
                "auto.register.schemas",
                "true"));
    try (Admin admin = Admin.create(connection.commonProperties())) {
      admin
          .createTopics(
              TOPICS.stream()
                  .map(topic -> new NewTopic(connection.nameOf(topic), PARTITIONS, (short) 1))
                  .toList())
          .all()
          .get();
    }
    return new ServingCluster(
        connection,
        new KafkaProducer<>(
            connection.producerProperties(), new StringSerializer(), new ByteArraySerializer()));
  }

  Connection connection() {
    return connection;
  }

  /** Writes bytes as they are and returns their offset. */
  long send(Topic<?> topic, int partition, String key, byte @Nullable [] value) {
    try {
      return producer
          .send(new ProducerRecord<>(connection.nameOf(topic), partition, key, value))
          .get()
          .offset();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  <V extends SpecificRecord> long send(Topic<V> topic, String key, V value) {
    byte[] bytes =
        connection.serde(topic.value()).serializer().serialize(connection.nameOf(topic), value);
    return send(topic, 0, key, bytes);
  }

  void base(SampleModel sample, BaseStatus status) throws IOException {
    String digest = sample.baseDigest();
    send(
        Topics.BASES,
        digest,
        BaseRegistration.newBuilder()
            .setWeightsDigest(digest)
            .setName("tiny")
            .setLocation(sample.base().toString())
            .setStatus(status)
            .setTensorCount(0)
            .setParameterCount(0)
            .setTotalBytes(0)
            .setRegisteredBy("ops")
            .setRegisteredAt(NOW)
            .build());
  }

  /** Writes all chunks of an artifact in order. */
  List<ShardManifest> chunks(SampleModel.Artifact artifact) throws IOException {
    List<ShardManifest> shards = new ArrayList<>();
    for (int i = 0; i < artifact.shards().size(); i++) {
      byte[] bytes = Files.readAllBytes(artifact.shards().get(i));
      String sha256 = artifact.summary().shards().get(i).sha256();
      List<Chunk> chunks = cut(sha256, bytes, CHUNK_BYTES);
      long first = chunk(chunks.get(0));
      chunks.stream().skip(1).forEach(this::chunk);
      shards.add(inline(i, sha256, bytes.length, first, chunks.size()));
    }
    return shards;
  }

  static ShardManifest inline(int index, String sha256, long length, long first, int chunks) {
    return new ShardManifest(index, sha256, length, new InlineChunks(0, first, chunks));
  }

  static List<Chunk> cut(String sha256, byte[] bytes, int size) {
    int count = (bytes.length + size - 1) / size;
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = Math.min(size, bytes.length - i * size);
      chunks.add(new Chunk(sha256, i, count, ByteBuffer.wrap(bytes, i * size, length).slice()));
    }
    return chunks;
  }

  long chunk(Chunk chunk) {
    return send(
        Topics.SERVING_CHUNKS,
        new ChunkKey(chunk.getShardSha256(), chunk.getIndex()).toString(),
        chunk);
  }

  /** Publishes a version of an artifact whose shards are somewhere. */
  void version(
      SampleModel sample,
      VersionKey key,
      SampleModel.Artifact artifact,
      List<ShardManifest> shards,
      VersionState state)
      throws IOException {
    ArtifactManifest manifest = manifest(artifact, shards);
    send(Topics.SERVING_VERSIONS, key.toString(), version(sample, key, manifest, state));
  }

  /** Publishes everything of a version but its head. */
  void publish(SampleModel sample, VersionKey key, SampleModel.Artifact artifact)
      throws IOException {
    version(sample, key, artifact, chunks(artifact), VersionState.PUBLISHED);
  }

  /** Writes an edit artifact in chunks. */
  EditEntry edit(String editId, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String sha256;
    try (EditArtifact opened = EditArtifact.open(file)) {
      sha256 = opened.sha256();
    }
    List<Chunk> chunks = cut(sha256, bytes, CHUNK_BYTES);
    long first = chunk(chunks.get(0));
    chunks.stream().skip(1).forEach(this::chunk);
    return new EditEntry(
        editId, "mend", inline(0, sha256, bytes.length, first, chunks.size()), 2, 1.0);
  }

  /** Publishes a version with edits on an artifact, or on the base itself. */
  void edited(
      SampleModel sample,
      VersionKey key,
      SampleModel.@Nullable Artifact artifact,
      String foundationDigest,
      List<EditEntry> edits)
      throws IOException {
    ArtifactManifest manifest = artifact == null ? null : manifest(artifact, chunks(artifact));
    ModelVersion version =
        ModelVersion.newBuilder(version(sample, key, manifest, VersionState.EDITED))
            .setEdits(edits)
            .setFoundationDigest(foundationDigest)
            .build();
    send(Topics.SERVING_VERSIONS, key.toString(), version);
  }

  static ModelVersion version(
      SampleModel sample, VersionKey key, @Nullable ArtifactManifest artifact, VersionState state)
      throws IOException {
    return ModelVersion.newBuilder()
        .setTenant(key.model().tenant())
        .setModel(key.model().model())
        .setVersion(key.version())
        .setState(state)
        .setSubmissionId("submission-" + key)
        .setBaseDigest(sample.baseDigest())
        .setBaseName("tiny")
        .setArtifact(artifact)
        .setRequestedBy("trainer")
        .setSubmittedAt(NOW)
        .setPublishedAt(NOW)
        .setRevocation(
            state == VersionState.REVOKED ? new Revocation("leaks names", "ops", NOW) : null)
        .build();
  }

  private static ArtifactManifest manifest(
      SampleModel.Artifact artifact, List<ShardManifest> shards) {
    CompressionSettings settings = artifact.settings();
    return new ArtifactManifest(
        artifact.summary().artifact().hex(),
        1,
        CompressionMethod.DARE,
        settings.pruneRate(),
        settings.rescale().common(),
        settings.seed(),
        ValueCode.EXACT,
        shards,
        artifact.summary().artifactBytes(),
        artifact.summary().denseBytes(),
        artifact.summary().parameters(),
        artifact.summary().fineTuned().hex());
  }

  void head(SampleModel sample, VersionKey key) throws IOException {
    ModelKey model = key.model();
    send(
        Topics.SERVING_HEADS,
        model.toString(),
        new ModelHead(
            model.tenant(),
            model.model(),
            key.version(),
            null,
            sample.baseDigest(),
            NOW,
            "planner",
            "published"));
  }

  /** All statuses so far, in order. */
  List<FollowerStatus> statuses() {
    Topic<FollowerStatus> topic = Topics.SERVING_STATUS;
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      partitions.add(new TopicPartition(connection.nameOf(topic), i));
    }
    List<FollowerStatus> statuses = new ArrayList<>();
    try (KafkaConsumer<String, FollowerStatus> consumer =
        new KafkaConsumer<>(
            connection.consumerProperties(),
            new StringDeserializer(),
            connection.serde(topic.value()).deserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, FollowerStatus> record : consumer.poll(Duration.ofMillis(50))) {
          statuses.add(record.value());
        }
      }
    }
    return statuses;
  }

  /** Where a file of an object lies below a store. */
  static Path object(Path store, String sha256) {
    return store.resolve("sha256").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  @Override
  public void close() {
    producer.close();
  }
}
