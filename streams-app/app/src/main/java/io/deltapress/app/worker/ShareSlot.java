package io.deltapress.app.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task at a time off a share group: acquire, work on another thread, renew the lock meanwhile,
 * acknowledge when the answer is durable.
 *
 * <p>A renewed record is handed out by the next poll again, as the same delivery, and has to be
 * acknowledged there. A delivery other than the one being worked on means that the lock was lost:
 * that work is interrupted, since somebody else may be doing it by now.
 */
final class ShareSlot implements Runnable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ShareSlot.class);

  /**
   * Short, because a fetch that yields only the commit marker of a transaction makes the client sit
   * out the whole timeout.
   */
  private static final Duration POLL = Duration.ofMillis(10);

  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final int USUAL_LOCK_MS = 30_000;

  private final ShareConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final RecordProcessor processor;
  private final ExecutorService executor;
  private final Runnable release;
  private final Closing closing;
  private @Nullable RunningWork running;

  /**
   * @param consumer acknowledges explicitly and acquires one record at a time; closed at the end
   * @param executor runs the work, on a single thread; shut down at the end
   * @param release lets go of what the work keeps; runs on the executor after the last work ended,
   *     which may be after the slot did
   */
  ShareSlot(
      ShareConsumer<byte[], byte[]> consumer,
      String topic,
      RecordProcessor processor,
      ExecutorService executor,
      Runnable release,
      Closing closing) {
    this.consumer = consumer;
    this.topic = topic;
    this.processor = processor;
    this.executor = executor;
    this.release = release;
    this.closing = closing;
  }

  /** Works until closing is requested; what is running then gets its wait and is handed back. */
  @Override
  public void run() {
    try (consumer) {
      consumer.subscribe(List.of(topic));
      while (!closing.requested() || (running != null && !closing.overdue())) {
        pollOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      abandon("the worker closes");
      // Work ends at its next look at the interrupt, and until then computes on what it keeps:
      // native memory among that, which must not be freed below it.
      executor.execute(release);
      executor.shutdown();
    }
  }

  private void pollOnce() throws InterruptedException {
    for (ConsumerRecord<byte[], byte[]> taskRecord : consumer.poll(POLL)) {
      acknowledge(taskRecord, attend(taskRecord));
    }
  }

  private AcknowledgeType attend(ConsumerRecord<byte[], byte[]> taskRecord)
      throws InterruptedException {
    RunningWork work = workOn(taskRecord);
    if (work.await(closing.atMost(renewalInterval()), closing)) {
      running = null;
      return settlementOf(work);
    }
    if (closing.overdue()) {
      abandon("the worker closes");
      return AcknowledgeType.RELEASE;
    }
    return AcknowledgeType.RENEW;
  }

  private RunningWork workOn(ConsumerRecord<byte[], byte[]> taskRecord) {
    Acquisition acquisition = Acquisition.of(taskRecord);
    if (running != null && running.acquisition().equals(acquisition)) {
      return running;
    }
    abandon("its lock was lost");
    RunningWork work = new RunningWork(acquisition, () -> processor.process(taskRecord));
    running = work;
    executor.execute(work);
    return work;
  }

  private AcknowledgeType settlementOf(RunningWork work) throws InterruptedException {
    try {
      return work.get().acknowledgement();
    } catch (ExecutionException | CancellationException e) {
      LOGGER.warn("Delivery {} is handed back: it could not be answered", work.acquisition(), e);
      return AcknowledgeType.RELEASE;
    }
  }

  private void acknowledge(ConsumerRecord<byte[], byte[]> taskRecord, AcknowledgeType type) {
    try {
      consumer.acknowledge(taskRecord, type);
      commit();
    } catch (IllegalStateException e) {
      LOGGER.warn("Delivery {} is no longer ours: {}", Acquisition.of(taskRecord), e.getMessage());
    }
  }

  /** Errors of acknowledgements are returned, not thrown, and none of them is a reason to stop. */
  private void commit() {
    Duration limit = closing.requested() ? LAST_WORDS : LONGEST_WAIT;
    Map<TopicIdPartition, Optional<KafkaException>> outcome = consumer.commitSync(limit);
    for (Optional<KafkaException> error : outcome.values()) {
      error.ifPresent(this::onCommitError);
    }
  }

  /** After other errors, a broker's restart say, the same delivery may well come back. */
  private void onCommitError(KafkaException error) {
    LOGGER.warn("An acknowledgement was not taken: {}", error.toString());
    if (error instanceof InvalidRecordStateException) {
      abandon("its lock was lost");
    }
  }

  private void abandon(String reason) {
    RunningWork work = running;
    running = null;
    if (work != null && work.cancel(true)) {
      LOGGER.info("Work on delivery {} is abandoned: {}", work.acquisition(), reason);
    }
  }

  private Duration renewalInterval() {
    int lockMs = consumer.acquisitionLockTimeoutMs().orElse(USUAL_LOCK_MS);
    Duration half = Duration.ofMillis(Math.max(1, lockMs / 2));
    return half.compareTo(LONGEST_WAIT) < 0 ? half : LONGEST_WAIT;
  }
}
