package io.deltapress.follower.follow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.serde.TrustedRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;

/** A follower of a release without edits must not serve a version without its edits. */
class OlderFollowerTest {
  static {
    TrustedRecords.install();
  }

  private static final Set<String> LATER_FIELDS =
      Set.of(
          "edits", "foundationDigest", "editGate", "cause", "alreadyTrue", "folded", "foldedFrom");

  @Test
  void shouldReadAStateItDoesNotKnowWhereAVersionHasEdits() throws IOException {
    // Given
    ModelVersion edited =
        ModelVersion.newBuilder()
            .setTenant("acme")
            .setModel("router")
            .setVersion(7)
            .setState(VersionState.EDITED)
            .setSubmissionId("submission")
            .setBaseDigest("a".repeat(64))
            .setBaseName("tiny")
            .setRequestedBy("trainer")
            .setSubmittedAt(Instant.EPOCH)
            .setPublishedAt(Instant.EPOCH)
            .build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new SpecificDatumWriter<>(ModelVersion.class).write(edited, encoder);
    encoder.flush();

    // When
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(ModelVersion.getClassSchema(), older())
            .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));

    // Then: what ServingView refuses, in every release
    assertThat(read.get("state")).hasToString("UNKNOWN");
    assertThat(read.get("version")).isEqualTo(7);
  }

  /** The schema as it was before there were edits. */
  private static Schema older() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode schema = (ObjectNode) json.readTree(ModelVersion.getClassSchema().toString());
    ArrayNode fields = json.createArrayNode();
    for (JsonNode field : schema.get("fields")) {
      if (!LATER_FIELDS.contains(field.get("name").asText())) {
        fields.add(field);
      }
      if (field.get("name").asText().equals("state")) {
        ArrayNode symbols = (ArrayNode) field.get("type").get("symbols");
        for (int i = symbols.size() - 1; i >= 0; i--) {
          if (symbols.get(i).asText().equals("EDITED")) {
            symbols.remove(i);
          }
        }
      }
    }
    schema.set("fields", fields);
    return new Schema.Parser().parse(schema.toString());
  }
}
