package io.deltapress.app.topology;

import static io.deltapress.app.domain.Examples.measured;
import static io.deltapress.app.domain.Examples.pruned;
import static io.deltapress.app.domain.Examples.result;
import static io.deltapress.app.domain.Examples.surveyed;

import io.deltapress.app.domain.ScriptedEditor;
import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.BaseChecked;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Reads every lane on a broker and answers as a worker would; topics have one partition. */
final class PlainWorker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Connection connection;
  private final ScriptedEditor editor = new ScriptedEditor();
  private final KafkaConsumer<String, WorkTask> lanes;

  PlainWorker(Connection connection) {
    this.connection = connection;
    this.lanes = reader(connection, WorkTask.class);
    this.lanes.assign(
        Stream.of(Topics.WORK_COMPRESS, Topics.WORK_CALIBRATE, Topics.WORK_EDIT)
            .map(lane -> new TopicPartition(connection.nameOf(lane), 0))
            .toList());
    this.lanes.seekToBeginning(List.of());
  }

  private static <T extends SpecificRecord> KafkaConsumer<String, T> reader(
      Connection connection, Class<T> type) {
    Map<String, Object> properties = connection.consumerProperties();
    return new KafkaConsumer<>(
        properties, new StringDeserializer(), connection.serde(type).deserializer());
  }

  /** Writes a request as a client does. */
  <T extends SpecificRecord> void send(Topic<T> topic, String key, T value) throws Exception {
    try (KafkaProducer<String, T> producer =
        new KafkaProducer<>(
            connection.producerProperties(),
            new StringSerializer(),
            connection.serde(topic.value()).serializer())) {
      producer
          .send(new ProducerRecord<>(connection.nameOf(topic), key, value))
          .get(30, TimeUnit.SECONDS);
    }
  }

  /** Takes the next tasks there are and keeps their answers to itself. */
  List<WorkTask> take() {
    List<WorkTask> tasks = new ArrayList<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (tasks.isEmpty() && System.nanoTime() - end < 0) {
      lanes.poll(Duration.ofMillis(20)).forEach(record -> tasks.add(record.value()));
    }
    return tasks;
  }

  /** Answers whatever comes until something is so. */
  void workUntil(BooleanSupplier done) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        throw new AssertionError("it did not come to that within " + PATIENCE);
      }
      for (var record : lanes.poll(Duration.ofMillis(20))) {
        answer(record.value());
      }
    }
  }

  void answer(WorkTask task) throws Exception {
    send(Topics.WORK_RESULTS, task.getReturnKey(), answerTo(task));
  }

  private WorkResult answerTo(WorkTask task) {
    Object work = WorkRecords.workOf(task);
    if (task.getRunEdits() != null) {
      return editor.answer(task);
    }
    if (task.getMeasureGate() != null) {
      return measured(task, 1, 1);
    }
    if (work instanceof BaseCheck check) {
      return result(task, new BaseChecked(check.getWeightsDigest(), 3, 18L, 36L));
    }
    return work instanceof Survey ? surveyed(task, 1) : pruned(task, 0);
  }

  /** Everything in a topic. */
  <T extends SpecificRecord> List<T> all(Topic<T> topic) {
    TopicPartition partition = new TopicPartition(connection.nameOf(topic), 0);
    List<T> found = new ArrayList<>();
    try (KafkaConsumer<String, T> reader = reader(connection, topic.value())) {
      reader.assign(List.of(partition));
      reader.seekToBeginning(List.of(partition));
      long end = reader.endOffsets(List.of(partition)).get(partition);
      while (reader.position(partition) < end) {
        reader.poll(Duration.ofMillis(50)).forEach(record -> found.add(record.value()));
      }
    }
    return found;
  }

  @Override
  public void close() {
    lanes.close();
  }
}
