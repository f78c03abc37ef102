package io.deltapress.app.processor;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** Where the serdes of the wire contract come from. */
@FunctionalInterface
public interface WireSerdes {
  /** A serde of that record. */
  <T extends SpecificRecord> Serde<T> serde(Class<T> type);
}
