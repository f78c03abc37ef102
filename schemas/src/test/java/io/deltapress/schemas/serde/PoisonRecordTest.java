package io.deltapress.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.Examples;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.WorkResult;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoisonRecordTest {
  private static final String TOPIC = "deltapress.deltas.submitted";

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final AvroSerde<DeltaSubmission> serde =
      AvroSerde.of(DeltaSubmission.class, registry, SchemaRegistration.REGISTER);
  private byte[] good = {};

  @BeforeEach
  void writeRecordWithSchemaOne() {
    good = serde.serializer().serialize(TOPIC, Examples.deltaSubmission());
  }

  @ParameterizedTest
  @CsvSource({
    "'',it has 0 bytes; fewer than a prefix",
    "00000000,it has 4 bytes; fewer than a prefix",
    "7b226122,it has 4 bytes; fewer than a prefix",
    "7b22616263,it starts with byte 123 instead of 0",
    "ff00000001,it starts with byte 255 instead of 0",
    "000000004d00,the registry has no Avro schema 77"
  })
  void shouldSayWhyBytesAreNoRecord(String hex, String why) {
    // Given
    byte[] bytes = HexFormat.of().parseHex(hex);

    // When / Then
    assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, bytes))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessage(
            "A record of topic deltapress.deltas.submitted is no DeltaSubmission: %s."
                .formatted(why.replace(';', ',')));
  }

  @Test
  void shouldRefuseRecordOfAnotherType() {
    // Given
    byte[] head =
        AvroSerde.of(ModelHead.class, registry, SchemaRegistration.REGISTER)
            .serializer()
            .serialize("deltapress.serving.heads", Examples.modelHead());

    // When / Then
    assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, head))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessage(
            "A record of topic deltapress.deltas.submitted is no DeltaSubmission:"
                + " it holds a io.deltapress.schemas.ModelHead.");
  }

  @Test
  void shouldRefuseBytesLeftOver() {
    // Given
    byte[] longer = Arrays.copyOf(good, good.length + 1);

    // When / Then
    assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, longer))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessage(
            "A record of topic deltapress.deltas.submitted is no DeltaSubmission:"
                + " bytes are left over after its end.");
  }

  @Test
  void shouldRefuseEveryTruncation() {
    // When / Then
    for (int length = 0; length < good.length; length++) {
      byte[] shorter = Arrays.copyOf(good, length);
      assertThat(catchThrowable(() -> serde.deserializer().deserialize(TOPIC, shorter)))
          .isInstanceOf(UndecodableRecordException.class);
    }
  }

  @Test
  void shouldNotAllocateWhatLengthPrefixClaims() {
    // Given a chunk whose data claims 2,147,483,639 bytes
    AvroSerde<Chunk> chunks = AvroSerde.of(Chunk.class, registry, SchemaRegistration.REGISTER);
    byte[] chunk = chunks.serializer().serialize("deltapress.serving.chunks", Examples.chunk());
    byte[] prefix = Arrays.copyOf(chunk, 5);
    byte[] huge = concat(prefix, HexFormat.of().parseHex("00" + "00" + "00" + "eeffffff0f"));

    // When
    Throwable thrown =
        catchThrowable(() -> chunks.deserializer().deserialize("deltapress.serving.chunks", huge));

    // Then
    assertThat(thrown).isInstanceOf(UndecodableRecordException.class);
    assertThat(thrown.getMessage()).doesNotContain("\n");
  }

  @Test
  void shouldSurviveAnyBytesBehindValidPrefix() {
    // Given
    AvroSerde<WorkResult> results =
        AvroSerde.of(WorkResult.class, registry, SchemaRegistration.REGISTER);
    byte[] valid = results.serializer().serialize("deltapress.work.results", Examples.workResult());
    Random random = new Random(20261123);

    // When / Then
    for (int i = 0; i < 5_000; i++) {
      assertReadsOrRefuses(results.deserializer(), damaged(valid, random));
    }
  }

  private static void assertReadsOrRefuses(Deserializer<WorkResult> deserializer, byte[] bytes) {
    Throwable thrown =
        catchThrowable(() -> deserializer.deserialize("deltapress.work.results", bytes));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(UndecodableRecordException.class);
    }
  }

  private static byte[] damaged(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    int flips = 1 + random.nextInt(8);
    for (int i = 0; i < flips; i++) {
      bytes[WirePrefix.LENGTH + random.nextInt(bytes.length - WirePrefix.LENGTH)] =
          (byte) random.nextInt();
    }
    return bytes;
  }

  private static byte[] concat(byte[] head, byte[] tail) {
    byte[] both = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, both, head.length, tail.length);
    return both;
  }
}
