package io.deltapress.app.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Plays the broker's part of a share group as it was observed: a renewed record comes back from the
 * next poll as the same delivery.
 */
final class ScriptedShareConsumer extends MockShareConsumer<byte[], byte[]> {
  private static final TopicPartition PARTITION = new TopicPartition("lane", 0);
  private static final TopicIdPartition ACKNOWLEDGED =
      new TopicIdPartition(Uuid.ONE_UUID, PARTITION);

  private final int lockMs;
  private final BlockingDeque<ConsumerRecord<byte[], byte[]>> script = new LinkedBlockingDeque<>();
  private final List<String> acknowledgements = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<Optional<KafkaException>> nextRenewalError =
      new AtomicReference<>(Optional.empty());
  private Optional<KafkaException> commitOutcome = Optional.empty();
  private volatile boolean closed;

  ScriptedShareConsumer(int lockMs) {
    this.lockMs = lockMs;
  }

  /** Hands out a delivery at one of the next polls. */
  void deliver(long offset, int deliveryCount, String value) {
    script.add(
        new ConsumerRecord<>(
            PARTITION.topic(),
            PARTITION.partition(),
            offset,
            0L,
            TimestampType.CREATE_TIME,
            0,
            value.length(),
            new byte[0],
            value.getBytes(UTF_8),
            new RecordHeaders(),
            Optional.empty(),
            Optional.of((short) deliveryCount)));
  }

  /** Lets the next renewal fail, after which the record is not handed out again by itself. */
  void failNextRenewal(KafkaException error) {
    nextRenewalError.set(Optional.of(error));
  }

  boolean hasFailedRenewal() {
    return nextRenewalError.get().isEmpty();
  }

  /** What was acknowledged, as {@code offset:deliveryCount TYPE}. */
  List<String> acknowledgements() {
    synchronized (acknowledgements) {
      return List.copyOf(acknowledgements);
    }
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    try {
      ConsumerRecord<byte[], byte[]> next = script.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return next == null
          ? ConsumerRecords.empty()
          : new ConsumerRecords<>(Map.of(PARTITION, List.of(next)), Map.of());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public void acknowledge(ConsumerRecord<byte[], byte[]> taskRecord, AcknowledgeType type) {
    acknowledgements.add(
        "%d:%d %s"
            .formatted(taskRecord.offset(), taskRecord.deliveryCount().orElseThrow(), type.name()));
    commitOutcome = Optional.empty();
    if (type == AcknowledgeType.RENEW) {
      commitOutcome = nextRenewalError.getAndSet(Optional.empty());
      if (commitOutcome.isEmpty()) {
        script.addFirst(taskRecord);
      }
    }
  }

  @Override
  public Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
    return Map.of(ACKNOWLEDGED, commitOutcome);
  }

  @Override
  public Optional<Integer> acquisitionLockTimeoutMs() {
    return Optional.of(lockMs);
  }

  @Override
  public void close() {
    closed = true;
  }
}
