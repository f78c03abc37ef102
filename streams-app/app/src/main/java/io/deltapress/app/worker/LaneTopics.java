package io.deltapress.app.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.serde.UndecodableRecordException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane reads and writes, as records of bytes: decoding is the worker's own business, so that
 * a record nobody can read ends as a dead letter and not as a worker that cannot go on.
 *
 * @param results full name of the topic of results
 * @param deadLetters full name of the topic of dead letters
 */
record LaneTopics(
    String results,
    String deadLetters,
    Deserializer<WorkTask> tasks,
    Serializer<WorkResult> resultSerializer,
    Serializer<DeadLetter> deadLetterSerializer) {
  private static final Logger LOGGER = LoggerFactory.getLogger(LaneTopics.class);

  /**
   * Reads a task.
   *
   * @return nothing if the record is no task: then reading it again would not help either
   */
  Optional<WorkTask> decode(ConsumerRecord<byte[], byte[]> taskRecord) {
    try {
      return Optional.ofNullable(
          tasks.deserialize(taskRecord.topic(), taskRecord.headers(), taskRecord.value()));
    } catch (UndecodableRecordException e) {
      LOGGER.warn(
          "Record {} of {} is no task: {}",
          Acquisition.of(taskRecord),
          taskRecord.topic(),
          e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * @param returnKey brings the result back to whoever planned the task
   */
  ProducerRecord<String, byte[]> result(String returnKey, WorkResult result) {
    return new ProducerRecord<>(results, returnKey, resultSerializer.serialize(results, result));
  }

  /**
   * @param originalKey the key of the record that died, which need not be text
   */
  ProducerRecord<String, byte[]> deadLetter(byte @Nullable [] originalKey, DeadLetter letter) {
    String key = originalKey == null ? "" : new String(originalKey, UTF_8);
    return new ProducerRecord<>(
        deadLetters, key, deadLetterSerializer.serialize(deadLetters, letter));
  }

  /** Digest of a record's value; nothing for a tombstone. */
  static @Nullable String sha256(byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256; this one does not", e);
    }
  }
}
