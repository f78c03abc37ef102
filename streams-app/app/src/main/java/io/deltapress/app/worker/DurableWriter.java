package io.deltapress.app.worker;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes single records and returns when the brokers have them. A broker that is away is waited
 * for, however long it takes: the lock of the task is renewed meanwhile, and giving up would cost a
 * delivery.
 */
final class DurableWriter {
  private static final Logger LOGGER = LoggerFactory.getLogger(DurableWriter.class);

  private final Producer<String, byte[]> producer;

  /**
   * @param producer idempotent; its delivery timeout is the pause between complaints in the log
   */
  DurableWriter(Producer<String, byte[]> producer) {
    this.producer = producer;
  }

  /**
   * @throws IOException if the brokers refuse the record for good; the cause says why
   * @throws InterruptedException if nobody waits for the record any more
   */
  RecordMetadata write(ProducerRecord<String, byte[]> answer)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return producer.send(answer).get();
      } catch (InterruptException e) {
        throw interrupted(e);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException)) {
          throw new IOException(
              "Record %s was not written to %s: %s"
                  .formatted(answer.key(), answer.topic(), e.getCause()),
              e.getCause());
        }
        LOGGER.warn("Topic {} cannot be written yet: {}", answer.topic(), e.getCause().toString());
      }
    }
  }

  /** Kafka's own exception has set the flag of the thread; the checked one replaces it. */
  private static InterruptedException interrupted(InterruptException cause) {
    InterruptedException interrupted = new InterruptedException(cause.getMessage());
    interrupted.initCause(cause);
    return interrupted;
  }
}
