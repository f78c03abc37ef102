package io.deltapress.app.topology;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.app.processor.WireSerdes;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.client.Connection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.apache.kafka.streams.test.TestRecord;

/** The topology on a test driver, spoken to in the words of the pipeline. */
final class Pipeline implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String PREFIX = "deltapress.";

  private final TopicNames topics = new TopicNames(PREFIX);
  private final Map<String, TestOutputTopic<String, ?>> outputs = new HashMap<>();
  private final WireSerdes wire;
  private final TopologyTestDriver driver;

  Pipeline(Path stateDirectory, PipelineMetrics metrics) {
    this(stateDirectory, metrics, connection()::serde, Map.of());
  }

  Pipeline(
      Path stateDirectory, PipelineMetrics metrics, WireSerdes serdes, Map<String, String> extra) {
    Map<String, String> properties = new HashMap<>(extra);
    properties.put("instance.id", "test");
    this.wire = connection()::serde;
    this.driver =
        new TopologyTestDriver(
            DeltapressTopology.build(TopologyConfig.of(properties), PREFIX, serdes, metrics),
            settings(stateDirectory),
            NOON);
  }

  private static Properties settings(Path stateDirectory) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "deltapress");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:9092");
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return settings;
  }

  /** A connection to a registry within this process. */
  static Connection connection() {
    return Connection.fromProperties(
        Map.of(
            "bootstrap.servers", "nobody:9092",
            "schema.registry.url", "mock://topology",
            "auto.register.schemas", "true"));
  }

  TopicNames topics() {
    return topics;
  }

  void registerBase(String digest) {
    write(
        topics.bases(),
        "any key",
        BaseRegistration.newBuilder()
            .setWeightsDigest(digest)
            .setName("world-base")
            .setLocation("world/base")
            .setStatus(BaseStatus.REGISTERED)
            .setTensorCount(0)
            .setParameterCount(0)
            .setTotalBytes(0)
            .setRegisteredBy("ada")
            .setRegisteredAt(NOON)
            .build());
  }

  void submit(DeltaSubmission submission) {
    write(topics.deltasSubmitted(), "any key", submission);
  }

  void edit(EditSubmission submission) {
    write(topics.editsRequested(), "any key", submission);
  }

  void control(ControlRequest request) {
    write(topics.versionsControl(), "any key", request);
  }

  /** Every record of the changelogs of stores, as Kafka keeps them. */
  Map<String, List<KeyValue<byte[], byte[]>>> changelogs(Set<String> stores) {
    Map<String, List<KeyValue<byte[], byte[]>>> changelogs = new HashMap<>();
    for (String store : stores) {
      changelogs.put(
          store,
          driver
              .createOutputTopic(
                  "deltapress-" + store + "-changelog",
                  new ByteArrayDeserializer(),
                  new ByteArrayDeserializer())
              .readKeyValuesToList());
    }
    return changelogs;
  }

  /** Puts changelogs into empty stores, as a restoration does. */
  void restore(Map<String, List<KeyValue<byte[], byte[]>>> changelogs) {
    changelogs.forEach(
        (store, records) -> {
          WrappedStateStore<?, ?, ?> outer =
              (WrappedStateStore<?, ?, ?>) (StateStore) driver.getKeyValueStore(store);
          @SuppressWarnings("unchecked")
          KeyValueStore<Bytes, byte[]> bytes = (KeyValueStore<Bytes, byte[]>) outer.wrapped();
          records.forEach(record -> bytes.put(Bytes.wrap(record.key), record.value));
        });
  }

  void answer(WorkResult result, WorkTask task) {
    write(topics.workResults(), task.getReturnKey(), result);
  }

  <T extends SpecificRecord> void write(String topic, String key, T value) {
    @SuppressWarnings("unchecked")
    Serde<T> serde = wire.serde((Class<T>) value.getClass());
    writeBytes(topic, key, serde.serializer().serialize(topic, value));
  }

  void writeBytes(String topic, String key, byte[] value) {
    TestInputTopic<String, byte[]> input =
        driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer());
    input.pipeInput(key, value);
  }

  void advance(Duration duration) {
    driver.advanceWallClockTime(duration);
  }

  List<WorkTask> tasks() {
    return values(WorkTask.class, topics.workCompress());
  }

  List<WorkTask> runs() {
    return values(WorkTask.class, topics.workEdit());
  }

  List<WorkTask> gates() {
    return values(WorkTask.class, topics.workCalibrate());
  }

  void set(Policy policy) {
    write(topics.policies(), policy.getScope(), policy);
  }

  List<String> eventTypes() {
    return values(RegistryEvent.class, topics.registryEvents()).stream()
        .map(event -> event.getType().replace("io.deltapress.", ""))
        .toList();
  }

  <T extends SpecificRecord> List<T> values(Class<T> type, String topic) {
    return output(type, topic).readValuesToList();
  }

  <T extends SpecificRecord> List<KeyValue<String, T>> keyValues(Class<T> type, String topic) {
    return output(type, topic).readKeyValuesToList();
  }

  <T extends SpecificRecord> List<TestRecord<String, T>> records(Class<T> type, String topic) {
    return output(type, topic).readRecordsToList();
  }

  @SuppressWarnings("unchecked")
  private <T extends SpecificRecord> TestOutputTopic<String, T> output(
      Class<T> type, String topic) {
    return (TestOutputTopic<String, T>)
        outputs.computeIfAbsent(
            topic,
            any ->
                driver.createOutputTopic(
                    topic, new StringDeserializer(), wire.serde(type).deserializer()));
  }

  @Override
  public void close() {
    driver.close();
  }
}
