package io.deltapress.schemas.serde;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of one type, whatever release of it they were written with; null stays null. Safe
 * for many threads.
 */
final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
  private final RegisteredSchemas schemas;
  private final Schema readSchema;
  private final Map<Integer, DatumReader<T>> readersById = new ConcurrentHashMap<>();

  AvroDeserializer(Class<T> type, RegisteredSchemas schemas) {
    this.schemas = schemas;
    this.readSchema = RecordData.schema(type);
  }

  /**
   * Returns the record.
   *
   * @throws UndecodableRecordException when the bytes are no such record
   * @throws RegistryUnavailableException when the registry does not answer
   */
  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    int id = schemaId(topic, bytes);
    DatumReader<T> known = readersById.get(id);
    return decode(topic, bytes, known == null ? readerFor(topic, id) : known);
  }

  private int schemaId(String topic, byte[] bytes) {
    if (bytes.length < WirePrefix.LENGTH) {
      throw undecodable(topic, "it has %d bytes, fewer than a prefix".formatted(bytes.length));
    }
    if (bytes[0] != WirePrefix.MAGIC) {
      throw undecodable(topic, "it starts with byte %d instead of 0".formatted(bytes[0] & 0xff));
    }
    return ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
  }

  private DatumReader<T> readerFor(String topic, int id) {
    Schema written =
        schemas
            .byId(id)
            .orElseThrow(
                () -> undecodable(topic, "the registry has no Avro schema %d".formatted(id)));
    if (!readSchema.getFullName().equals(written.getFullName())) {
      throw undecodable(topic, "it holds a " + written.getFullName());
    }
    DatumReader<T> reader = RecordData.reader(written, readSchema);
    readersById.put(id, reader);
    return reader;
  }

  private T decode(String topic, byte[] bytes, DatumReader<T> reader) {
    int length = bytes.length - WirePrefix.LENGTH;
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, WirePrefix.LENGTH, length, null);
    T value;
    boolean read;
    try {
      value = reader.read(null, decoder);
      read = decoder.isEnd();
    } catch (SecurityException e) {
      // Somebody has forbidden our classes in this process: no record is at fault.
      throw e;
    } catch (IOException | RuntimeException e) {
      // Foreign bytes make Avro fail in many unrelated ways; whichever it is, they are no such
      // record.
      throw new UndecodableRecordException(message(topic, "Avro cannot read it: " + oneLine(e)), e);
    }
    if (!read) {
      throw undecodable(topic, "bytes are left over after its end");
    }
    return value;
  }

  private static String oneLine(Exception e) {
    return e.toString().replaceAll("\\s+", " ");
  }

  private UndecodableRecordException undecodable(String topic, String why) {
    return new UndecodableRecordException(message(topic, why));
  }

  private String message(String topic, String why) {
    return "A record of topic %s is no %s: %s.".formatted(topic, readSchema.getName(), why);
  }
}
