package io.deltapress.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes records of one type; null stays null. Safe for many threads. */
final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
  private final RegisteredSchemas schemas;
  private final SchemaRegistration registration;
  private final Schema wireSchema;
  private final DatumWriter<T> writer;
  private final Map<String, Integer> idsByTopic = new ConcurrentHashMap<>();

  AvroSerializer(Class<T> type, RegisteredSchemas schemas, SchemaRegistration registration) {
    this.schemas = schemas;
    this.registration = registration;
    this.wireSchema = WireSchema.of(type);
    this.writer = RecordData.writer(RecordData.schema(type));
  }

  /**
   * Returns the record's bytes.
   *
   * @throws UnregisteredSchemaException when the registry does not have the record's schema
   * @throws RegistryUnavailableException when the registry does not answer
   * @throws SerializationException when the record lacks a field that may not be null
   */
  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T value) {
    return value == null ? null : encode(topic, value, idFor(topic));
  }

  private int idFor(String topic) {
    Integer known = idsByTopic.get(topic);
    if (known != null) {
      return known;
    }
    int id = schemas.idOf(Subjects.ofValues(topic), wireSchema, registration);
    idsByTopic.put(topic, id);
    return id;
  }

  private byte[] encode(String topic, T value, int id) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream prefix = new DataOutputStream(bytes);
      prefix.writeByte(WirePrefix.MAGIC);
      prefix.writeInt(id);
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      writer.write(value, encoder);
      encoder.flush();
      return bytes.toByteArray();
    } catch (IOException | RuntimeException e) {
      // Avro reports a value that does not fit its schema with several unrelated runtime
      // exceptions.
      throw new SerializationException(
          "A %s for topic %s cannot be written: %s"
              .formatted(wireSchema.getName(), topic, e.getMessage()),
          e);
    }
  }
}
