package io.deltapress.app.worker;

import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Works on one record of the lane, on a thread that is interrupted when the lock is lost. */
interface RecordProcessor {

  /**
   * Answers a record. When this returns, the answer is durable and the record may be acknowledged.
   *
   * @throws IOException if no answer could be made durable; the record is handed back
   * @throws InterruptedException if the work was abandoned
   */
  Settlement process(ConsumerRecord<byte[], byte[]> taskRecord)
      throws IOException, InterruptedException;
}
