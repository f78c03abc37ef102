package io.deltapress.schemas.serde;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Records of one type in Confluent's wire format: a zero, the schema's id in four bytes, Avro
 * binary. The schema is found under {@code <topic>-value}; records written with another release of
 * it are resolved to this one. A registry that does not answer is asked again for a while, then
 * {@link RegistryUnavailableException} is thrown, never {@link UndecodableRecordException}.
 *
 * @param <T> the record
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {
  private final AvroSerializer<T> serializer;
  private final AvroDeserializer<T> deserializer;

  /**
   * Returns a serde that shares what it learns from the registry with others of the same schemas.
   */
  public AvroSerde(Class<T> type, RegisteredSchemas schemas, SchemaRegistration registration) {
    this.serializer = new AvroSerializer<>(type, schemas, registration);
    this.deserializer = new AvroDeserializer<>(type, schemas);
  }

  /** Returns a serde that asks a registry with the standard patience. */
  public static <T extends SpecificRecord> AvroSerde<T> of(
      Class<T> type, SchemaRegistryClient registry, SchemaRegistration registration) {
    return new AvroSerde<>(type, new RegisteredSchemas(registry), registration);
  }

  /**
   * Returns a serde that asks a registry which does not answer for no longer than {@code patience}.
   */
  public static <T extends SpecificRecord> AvroSerde<T> of(
      Class<T> type,
      SchemaRegistryClient registry,
      SchemaRegistration registration,
      Duration patience) {
    RetryPolicy policy = RetryPolicy.standard().withPatience(patience);
    return new AvroSerde<>(type, new RegisteredSchemas(registry, policy), registration);
  }

  @Override
  public Serializer<T> serializer() {
    return serializer;
  }

  @Override
  public Deserializer<T> deserializer() {
    return deserializer;
  }
}
