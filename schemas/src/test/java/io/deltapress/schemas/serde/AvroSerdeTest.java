package io.deltapress.schemas.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.Examples;
import io.deltapress.schemas.FollowerState;
import io.deltapress.schemas.FollowerStatus;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AvroSerdeTest {
  private static final String TOPIC = "deltapress.some";

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();

  @ParameterizedTest
  @MethodSource("io.deltapress.schemas.Examples#all")
  void shouldReadBackWhatWasWrittenByAnotherInstance(SpecificRecord record) {
    // Given
    byte[] bytes = serde(type(record)).serializer().serialize(TOPIC, record);

    // When
    SpecificRecord read = serde(type(record)).deserializer().deserialize(TOPIC, bytes);

    // Then
    assertThat(read).isEqualTo(record);
  }

  @Test
  void shouldLayOutBytesAsConfluentDoes() throws Exception {
    // Given
    registry.register("other-value", new AvroSchema("\"string\""));
    Chunk chunk = new Chunk("ab", 1, 200, ByteBuffer.wrap(new byte[] {7, 8}));

    // When
    byte[] bytes = serde(Chunk.class).serializer().serialize(TOPIC, chunk);

    // Then: magic, id 2, then "ab", 1, 200 and two bytes in Avro's zigzag variable-length coding
    String expected = "00" + "00000002" + "04" + "6162" + "02" + "9003" + "04" + "0708";
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
  }

  @Test
  void shouldReadBytesLaidOutByHand() throws Exception {
    // Given
    int id = registry.register("x-value", new AvroSchema(WireSchema.of(Chunk.class)));
    byte[] bytes = HexFormat.of().parseHex("00%08x".formatted(id) + "046162029003040708");

    // When
    Chunk chunk = serde(Chunk.class).deserializer().deserialize(TOPIC, bytes);

    // Then
    assertThat(chunk).isEqualTo(new Chunk("ab", 1, 200, ByteBuffer.wrap(new byte[] {7, 8})));
  }

  @Test
  void shouldRegisterSchemaUnderTheTopicsValueSubject() throws Exception {
    // When
    serde(ModelHead.class).serializer().serialize(TOPIC, Examples.modelHead());

    // Then
    assertThat(registry.getAllSubjects()).containsExactly("deltapress.some-value");
    assertThat(registry.getLatestSchemaMetadata("deltapress.some-value").getSchema())
        .doesNotContain("avro.java.string");
  }

  @Test
  void shouldSayWhatToDoWhenSchemaIsNotRegistered() {
    // Given
    AvroSerde<ModelHead> serde =
        AvroSerde.of(ModelHead.class, registry, SchemaRegistration.LOOK_UP);

    // When / Then
    assertThatThrownBy(() -> serde.serializer().serialize(TOPIC, Examples.modelHead()))
        .isInstanceOf(UnregisteredSchemaException.class)
        .hasMessage(
            "The schema registry does not have this release's schema of"
                + " io.deltapress.schemas.ModelHead under deltapress.some-value: run setup first.");
  }

  @Test
  void shouldLookSchemaUpWhenSomebodyElseRegisteredIt() throws Exception {
    // Given
    registry.register(TOPIC + "-value", new AvroSchema(WireSchema.of(ModelHead.class)));
    AvroSerde<ModelHead> serde =
        AvroSerde.of(ModelHead.class, registry, SchemaRegistration.LOOK_UP);

    // When
    byte[] bytes = serde.serializer().serialize(TOPIC, Examples.modelHead());

    // Then
    assertThat(serde.deserializer().deserialize(TOPIC, bytes)).isEqualTo(Examples.modelHead());
  }

  @Test
  void shouldKeepTombstones() {
    // Given
    AvroSerde<ModelHead> serde = serde(ModelHead.class);

    // When
    byte[] bytes = serde.serializer().serialize(TOPIC, null);

    // Then
    assertThat(bytes).isNull();
    assertThat(serde.deserializer().deserialize(TOPIC, null)).isNull();
  }

  @Test
  void shouldNameRecordAndTopicWhenFieldIsMissing() {
    // Given
    ModelHead incomplete = new ModelHead();

    // When / Then
    assertThatThrownBy(() -> serde(ModelHead.class).serializer().serialize(TOPIC, incomplete))
        .isInstanceOf(SerializationException.class)
        .hasMessageStartingWith("A ModelHead for topic deltapress.some cannot be written: ");
  }

  @Test
  void shouldReadRecordOfLaterReleaseWithNewFieldAndNewSymbol() throws Exception {
    // Given
    String today = WireSchema.of(FollowerStatus.class).toString();
    Schema later =
        new org.apache.avro.SchemaParser()
            .parse(
                today
                    .replace("\"FAILED\"]", "\"FAILED\",\"WARMING\"]")
                    .replace(
                        "\"fields\":[",
                        "\"fields\":[{\"name\":\"zone\",\"type\":\"string\",\"default\":\"\"},"))
            .mainSchema();
    GenericRecord written = new GenericData.Record(later);
    written.put("zone", "eu");
    written.put("host", "host-1");
    written.put("tenant", "acme");
    written.put("model", "router");
    written.put("version", 6);
    written.put("headVersion", 7);
    written.put("state", new GenericData.EnumSymbol(later.getField("state").schema(), "WARMING"));
    written.put("changedAt", 0L);

    // When
    FollowerStatus read =
        serde(FollowerStatus.class).deserializer().deserialize(TOPIC, bytes(written));

    // Then
    assertThat(read.getState()).isEqualTo(FollowerState.UNKNOWN);
    assertThat(read.getHost()).isEqualTo("host-1");
    assertThat(read.getMessage()).isNull();
  }

  @Test
  void shouldCopyRecordThatHoldsEnumAndRecords() {
    // Given
    serde(PruneShard.class);
    PruneShard shard = (PruneShard) Examples.workTask().getWork();

    // When
    PruneShard copy = PruneShard.newBuilder(shard).build();

    // Then
    assertThat(copy).isEqualTo(shard).isNotSameAs(shard);
    assertThat(copy.getCompression()).isNotSameAs(shard.getCompression());
    assertThat(StoredObject.newBuilder(new StoredObject("s", "k")).build().getKey()).isEqualTo("k");
  }

  private byte[] bytes(GenericRecord record) throws Exception {
    int id = registry.register("later-value", new AvroSchema(record.getSchema()));
    return withPrefix(id, record);
  }

  static byte[] withPrefix(int id, GenericRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    bytes.write(ByteBuffer.allocate(4).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  @SuppressWarnings("unchecked")
  private static Class<SpecificRecord> type(SpecificRecord record) {
    return (Class<SpecificRecord>) record.getClass();
  }

  private <T extends SpecificRecord> AvroSerde<T> serde(Class<T> type) {
    return AvroSerde.of(type, registry, SchemaRegistration.REGISTER);
  }

  @Test
  void shouldReadTextAsUtf8() {
    // Given
    ModelHead head = ModelHead.newBuilder(Examples.modelHead()).setReason("größer 🚀").build();

    // When
    byte[] bytes = serde(ModelHead.class).serializer().serialize(TOPIC, head);

    // Then
    assertThat(new String(bytes, UTF_8)).contains("größer 🚀");
    assertThat(serde(ModelHead.class).deserializer().deserialize(TOPIC, bytes)).isEqualTo(head);
  }
}
