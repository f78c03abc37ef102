package io.deltapress.app.worker;

import io.deltapress.app.storage.FileSystemObjectStore;
import io.deltapress.app.storage.ObjectStore;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.Subjects;
import io.deltapress.schemas.serde.WireSchema;
import io.deltapress.schemas.topic.ShareGroup;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything a worker holds while it is a member of the lane, put together and let go of. */
final class LaneMembership implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(LaneMembership.class);
  private static final Duration FLUSH = Duration.ofSeconds(10);
  private static final ShareGroup GROUP = ShareGroup.COMPRESS_WORKERS;

  private final WorkerConfig config;
  private final Connection connection;
  private final WorkerMetrics metrics;
  private final ScratchDirectory scratch;
  private final Producer<String, byte[]> producer;
  private final List<ShareSlot> slots = new ArrayList<>();

  private LaneMembership(
      WorkerConfig config, Connection connection, WorkerMetrics metrics, ScratchDirectory scratch) {
    this.config = config;
    this.connection = connection;
    this.metrics = metrics;
    this.scratch = scratch;
    this.producer = LaneClients.producer(connection.producerProperties(), config.workerId());
  }

  /**
   * Checks what the worker stands on and makes its slots, which are not running yet.
   *
   * @throws IOException with a final message if something is missing
   */
  static LaneMembership join(
      WorkerConfig config, Connection connection, WorkerMetrics metrics, Closing closing)
      throws IOException, InterruptedException {
    Optional<ObjectStore> store = openStore(config);
    try {
      requireGroup(connection);
      requireSchemas(connection);
    } catch (KafkaException e) {
      throw new IOException("Worker cannot join its lane: " + e.getMessage(), e);
    }
    ScratchDirectory scratch = ScratchDirectory.open(config.scratchDirectory());
    try {
      LaneMembership joined = new LaneMembership(config, connection, metrics, scratch);
      joined.addSlots(joined.processor(store), closing);
      return joined;
    } catch (KafkaException e) {
      scratch.close();
      throw new IOException("Worker cannot make its Kafka clients: " + e.getMessage(), e);
    }
  }

  private static void requireGroup(Connection connection) throws IOException, InterruptedException {
    try (Admin admin = Admin.create(connection.commonProperties())) {
      new LaneGroup(GROUP.id(connection.topicPrefix()), GROUP.configs()).ensure(admin);
    }
  }

  /** A worker that finds out after the work that it cannot write would waste every delivery. */
  private static void requireSchemas(Connection connection) {
    for (Topic<?> topic :
        List.of(Topics.WORK_RESULTS, Topics.DEAD_LETTERS, Topics.SERVING_CHUNKS)) {
      int id =
          connection
              .schemas()
              .idOf(
                  Subjects.ofValues(connection.nameOf(topic)),
                  WireSchema.of(topic.value()),
                  connection.registration());
      LOGGER.debug("Records of {} have schema {}", topic.suffix(), id);
    }
  }

  private void addSlots(RecordProcessor processor, Closing closing) {
    for (int slot = 0; slot < config.slots(); slot++) {
      slots.add(slot(slot, processor, closing));
    }
  }

  List<ShareSlot> slots() {
    return List.copyOf(slots);
  }

  String lane() {
    return connection.nameOf(Topics.WORK_COMPRESS);
  }

  String group() {
    return GROUP.id(connection.topicPrefix());
  }

  @Override
  public void close() {
    producer.close(FLUSH);
    try {
      scratch.close();
    } catch (IOException e) {
      LOGGER.warn("Scratch directory could not be let go of: {}", e.toString());
    }
  }

  private static Optional<ObjectStore> openStore(WorkerConfig config) throws IOException {
    return config.storeDirectory().isEmpty()
        ? Optional.empty()
        : Optional.of(FileSystemObjectStore.open(config.storeDirectory().get()));
  }

  private ShareSlot slot(int index, RecordProcessor processor, Closing closing) {
    String name = config.workerId() + "-" + index;
    ExecutorService executor =
        Executors.newSingleThreadExecutor(work -> new Thread(work, name + "-task"));
    return new ShareSlot(
        LaneClients.consumer(connection.commonProperties(), group(), name),
        lane(),
        processor,
        executor,
        closing);
  }

  private RecordProcessor processor(Optional<ObjectStore> store) {
    LaneTopics topics =
        new LaneTopics(
            connection.nameOf(Topics.WORK_RESULTS),
            connection.nameOf(Topics.DEAD_LETTERS),
            connection.serde(Topics.WORK_COMPRESS).deserializer(),
            connection.serde(Topics.WORK_RESULTS).serializer(),
            connection.serde(Topics.DEAD_LETTERS).serializer());
    return new LaneProcessor(
        topics,
        new DurableWriter(producer),
        new TaskRunner(config.sources(), handlers(store)),
        metrics,
        config.workerId(),
        ShareGroup.DELIVERY_COUNT_LIMIT,
        Clock.systemUTC());
  }

  private TaskHandlers handlers(Optional<ObjectStore> store) {
    DigestCache digests = DigestCache.standard();
    TrustedBase trustedBase = new TrustedBase(digests);
    ChunkPublisher chunks =
        new ChunkPublisher(
            producer,
            connection.serde(Topics.SERVING_CHUNKS).serializer(),
            connection.nameOf(Topics.SERVING_CHUNKS),
            config.chunkBytes());
    return new TaskHandlers(
        new BaseCheckHandler(trustedBase),
        new SurveyHandler(),
        new PruneShardHandler(
            trustedBase, digests, scratch, new ShardDelivery(chunks, store), metrics));
  }
}
