package io.deltapress.app.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.SchemaRegistration;
import io.deltapress.schemas.topic.ShareGroup;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The topics of one test on a real broker, under a prefix of its own. */
final class BrokerLane implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int PARTITIONS = 3;

  final Connection connection;
  private final Producer<String, byte[]> producer;

  private BrokerLane(Connection connection) {
    this.connection = connection;
    this.producer =
        new KafkaProducer<>(
            connection.producerProperties(), new StringSerializer(), new ByteArraySerializer());
  }

  static BrokerLane create(String bootstrapServers, String prefix)
      throws ExecutionException, InterruptedException {
    Connection connection =
        new Connection(
            bootstrapServers,
            "mock://broker-lane",
            prefix,
            SchemaRegistration.REGISTER,
            Map.of(),
            Map.of());
    try (Admin admin = Admin.create(connection.commonProperties())) {
      admin
          .createTopics(
              Topics.all().stream()
                  .map(topic -> newTopic(connection.nameOf(topic), topic))
                  .toList())
          .all()
          .get();
    }
    return new BrokerLane(connection);
  }

  private static NewTopic newTopic(String name, Topic<?> topic) {
    return new NewTopic(name, topic.partitionCount(PARTITIONS), (short) 1);
  }

  /** Puts a task on the compress lane. */
  void issue(String taskId, Object work) throws ExecutionException, InterruptedException {
    issue(Lane.COMPRESS, taskId, work);
  }

  /** Puts a task on a lane. */
  void issue(Lane on, String taskId, Object work) throws ExecutionException, InterruptedException {
    Instant now = Instant.now();
    WorkTask.Builder task =
        WorkTask.newBuilder()
            .setTaskId(taskId)
            .setAttempt(1)
            .setSubmissionId("s")
            .setTenant("acme")
            .setModel("router")
            .setReturnKey("acme/router")
            .setIssuedAt(now)
            .setDeadline(now.plusSeconds(900));
    String topic = connection.nameOf(on.topic());
    byte[] value =
        connection
            .serde(on.topic())
            .serializer()
            .serialize(topic, WorkRecords.put(task, work).build());
    producer.send(new ProducerRecord<>(topic, taskId, value)).get();
  }

  /** Puts anything on the compress lane. */
  void write(String key, byte[] value) throws ExecutionException, InterruptedException {
    producer.send(new ProducerRecord<>(lane(), key, value)).get();
  }

  String lane() {
    return connection.nameOf(Topics.WORK_COMPRESS);
  }

  String group() {
    return ShareGroup.COMPRESS_WORKERS.id(connection.topicPrefix());
  }

  /** Makes locks short, so that a test need not work long to outlast one. */
  void lockFor(Duration lock) throws ExecutionException, InterruptedException {
    setGroup("share.record.lock.duration.ms", Long.toString(lock.toMillis()));
  }

  void setGroup(String key, String value) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(connection.commonProperties())) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, group()),
                  List.of(
                      new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  String groupSetting(String key) throws ExecutionException, InterruptedException {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, group());
    try (Admin admin = Admin.create(connection.commonProperties())) {
      return admin.describeConfigs(List.of(group)).all().get().get(group).get(key).value();
    }
  }

  void ensureGroup() throws Exception {
    try (Admin admin = Admin.create(connection.commonProperties())) {
      new LaneGroup(group(), ShareGroup.COMPRESS_WORKERS.configs()).ensure(admin);
    }
  }

  ShareConsumer<byte[], byte[]> member(String clientId) {
    return LaneClients.consumer(connection.commonProperties(), group(), clientId);
  }

  /** Waits for so many records of a topic and returns their values. */
  <V extends SpecificRecord> List<V> await(Topic<V> topic, int count) {
    var deserializer = connection.serde(topic).deserializer();
    return awaitRecords(topic, 0, count).stream()
        .map(written -> deserializer.deserialize(written.topic(), written.value()))
        .toList();
  }

  /** Waits for so many records of a topic, from an offset on in all of its partitions. */
  List<ConsumerRecord<String, byte[]>> awaitRecords(Topic<?> topic, long offset, int count) {
    String name = connection.nameOf(topic);
    List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            connection.consumerProperties(),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(name).stream()
              .map(partition -> new TopicPartition(name, partition.partition()))
              .toList();
      consumer.assign(partitions);
      partitions.forEach(partition -> consumer.seek(partition, offset));
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (seen.size() < count && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
      }
    }
    return seen;
  }

  /** A value that is no task. */
  static byte[] poison() {
    return "no task at all".getBytes(UTF_8);
  }

  @Override
  public void close() {
    producer.close();
  }
}
