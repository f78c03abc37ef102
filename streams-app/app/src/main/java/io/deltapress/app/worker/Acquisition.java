package io.deltapress.app.worker;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Tells one delivery of a record from the next: the same delivery comes back from every poll after
 * a renewal, while a higher count means that the lock was lost in between.
 */
record Acquisition(int partition, long offset, int count) {

  static Acquisition of(ConsumerRecord<?, ?> taskRecord) {
    return new Acquisition(
        taskRecord.partition(), taskRecord.offset(), taskRecord.deliveryCount().orElse((short) 1));
  }

  @Override
  public String toString() {
    return partition + ":" + offset + ":" + count;
  }
}
