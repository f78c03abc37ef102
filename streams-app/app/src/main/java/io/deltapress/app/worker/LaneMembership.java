package io.deltapress.app.worker;

import io.deltapress.app.storage.FileSystemObjectStore;
import io.deltapress.app.storage.ObjectStore;
import io.deltapress.djl.edit.Editors;
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
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything a worker holds while it is a member of its lanes, put together and let go of. */
final class LaneMembership implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(LaneMembership.class);
  private static final Duration FLUSH = Duration.ofSeconds(10);

  private final WorkerConfig config;
  private final Connection connection;
  private final WorkerMetrics metrics;
  private final ScratchDirectory scratch;
  private final Producer<String, byte[]> producer;
  private final DigestCache digests = DigestCache.standard();
  private final TrustedBase trustedBase = new TrustedBase(digests);
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
      WorkerConfig config,
      Connection connection,
      WorkerMetrics metrics,
      Set<Lane> lanes,
      Closing closing)
      throws IOException, InterruptedException {
    Optional<ObjectStore> store = openStore(config);
    try {
      requireGroups(connection, lanes);
      requireSchemas(connection);
    } catch (KafkaException e) {
      throw new IOException("Worker cannot join its lane: " + e.getMessage(), e);
    }
    ScratchDirectory scratch = ScratchDirectory.open(config.scratchDirectory());
    try {
      LaneMembership joined = new LaneMembership(config, connection, metrics, scratch);
      joined.addSlots(lanes, store, closing);
      return joined;
    } catch (KafkaException e) {
      scratch.close();
      throw new IOException("Worker cannot make its Kafka clients: " + e.getMessage(), e);
    }
  }

  private static void requireGroups(Connection connection, Set<Lane> lanes)
      throws IOException, InterruptedException {
    try (Admin admin = Admin.create(connection.commonProperties())) {
      for (Lane lane : lanes) {
        ShareGroup group = lane.group();
        new LaneGroup(group.id(connection.topicPrefix()), group.configs()).ensure(admin);
      }
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

  private void addSlots(Set<Lane> lanes, Optional<ObjectStore> store, Closing closing) {
    if (lanes.contains(Lane.COMPRESS)) {
      // Shared by its slots, and keeps nothing between tasks.
      RecordProcessor processor = processor(compressHandlers(store));
      for (int slot = 0; slot < config.slots(); slot++) {
        slots.add(
            slot(Lane.COMPRESS, config.workerId() + "-" + slot, processor, () -> {}, closing));
      }
    }
    if (lanes.contains(Lane.CALIBRATE)) {
      for (int slot = 0; slot < config.calibrateSlots(); slot++) {
        String name = config.workerId() + "-calibrate-" + slot;
        TaskHandler handlers = calibrateHandlers(lanes);
        slots.add(slot(Lane.CALIBRATE, name, processor(handlers), handlers::close, closing));
      }
    }
    if (lanes.contains(Lane.EDIT)) {
      for (int slot = 0; slot < config.editSlots(); slot++) {
        String name = config.workerId() + "-edit-" + slot;
        TaskHandler handlers = editHandlers(lanes, store);
        slots.add(slot(Lane.EDIT, name, processor(handlers), handlers::close, closing));
      }
    }
  }

  List<ShareSlot> slots() {
    return List.copyOf(slots);
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

  private ShareSlot slot(
      Lane lane, String name, RecordProcessor processor, Runnable release, Closing closing) {
    ExecutorService executor =
        Executors.newSingleThreadExecutor(work -> new Thread(work, name + "-task"));
    return new ShareSlot(
        LaneClients.consumer(
            connection.commonProperties(), lane.group().id(connection.topicPrefix()), name),
        connection.nameOf(lane.topic()),
        processor,
        executor,
        release,
        closing);
  }

  private RecordProcessor processor(TaskHandler handler) {
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
        new TaskRunner(config.sources(), handler),
        metrics,
        config.workerId(),
        ShareGroup.DELIVERY_COUNT_LIMIT,
        Clock.systemUTC());
  }

  private ShardDelivery delivery(Optional<ObjectStore> store) {
    ChunkPublisher chunks =
        new ChunkPublisher(
            producer,
            connection.serde(Topics.SERVING_CHUNKS).serializer(),
            connection.nameOf(Topics.SERVING_CHUNKS),
            config.chunkBytes());
    return new ShardDelivery(chunks, store);
  }

  private TaskHandler compressHandlers(Optional<ObjectStore> store) {
    return new CompressHandlers(
        new BaseCheckHandler(trustedBase),
        new SurveyHandler(),
        new PruneShardHandler(trustedBase, digests, scratch, delivery(store), metrics));
  }

  private TaskHandler editHandlers(Set<Lane> lanes, Optional<ObjectStore> store) {
    EditedModels models = new EditedModels(config.memoryBytesPerSlot(lanes));
    ShardSource shards = new ServedShards(connection, config.storeDirectory());
    return new EditHandlers(
        new EditHandler(
            trustedBase, digests, scratch, models, shards, delivery(store), Editors::open, metrics),
        models,
        shards);
  }

  private TaskHandler calibrateHandlers(Set<Lane> lanes) {
    BaseSlot bases = new BaseSlot(digests, config.memoryBytesPerSlot(lanes));
    return new CalibrateHandlers(
        new CalibrateHandler(trustedBase, scratch, bases),
        new GateHandler(trustedBase, digests, scratch, bases),
        bases);
  }
}
