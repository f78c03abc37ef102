package io.deltapress.schemas.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.CompatibilityChecker;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.deltapress.schemas.serde.WireSchema;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A schema once released stays readable in both directions, since followers belong to other teams
 * and upgrade last. Run with {@code -Dmuseum.write=true} to add today's schemas where they changed.
 */
class SchemaEvolutionTest {
  private static final Museum MUSEUM = new Museum(Path.of("src/test/resources/museum"));

  static Stream<Schema> todaysSchemas() {
    return Topics.all().stream().map(Topic::value).map(WireSchema::of);
  }

  @ParameterizedTest
  @MethodSource("todaysSchemas")
  void shouldHaveTodaysSchemaAsNewestPiece(Schema today) {
    // Given
    if (Boolean.getBoolean("museum.write") && !isNewest(today)) {
      MUSEUM.add(today);
    }

    // When
    boolean newest = isNewest(today);

    // Then
    assertThat(newest)
        .withFailMessage(
            "The schema of %1$s is not the newest in src/test/resources/museum/%1$s: run"
                + " 'mvn -pl schemas test -Dtest=SchemaEvolutionTest -Dmuseum.write=true'"
                + " and commit the piece it adds, unless the change was not meant.",
            today.getName())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("todaysSchemas")
  void shouldStayCompatibleInBothDirectionsWithEveryPiece(Schema today) {
    // Given
    List<AvroSchema> released =
        MUSEUM.pieces(today.getName()).stream().map(AvroSchema::new).toList();

    // When
    List<String> problems =
        CompatibilityChecker.FULL_TRANSITIVE_CHECKER.isCompatible(new AvroSchema(today), released);

    // Then
    assertThat(problems)
        .as(
            "%s must stay FULL_TRANSITIVE: only add or remove fields that have a default",
            today.getName())
        .isEmpty();
  }

  @Test
  void shouldCatchAFieldWithoutDefault() {
    // Given
    Schema today = WireSchema.of(Topics.SERVING_HEADS.value());
    Schema broken =
        new SchemaParser()
            .parse(
                today
                    .toString()
                    .replace(
                        "\"fields\":[", "\"fields\":[{\"name\":\"added\",\"type\":\"string\"},"))
            .mainSchema();

    // When
    List<String> problems =
        CompatibilityChecker.FULL_TRANSITIVE_CHECKER.isCompatible(
            new AvroSchema(broken), List.of(new AvroSchema(today)));

    // Then
    assertThat(problems).isNotEmpty();
  }

  /** Documentation counts: a registry looks a schema up by its text. */
  private static boolean isNewest(Schema today) {
    List<Schema> pieces = MUSEUM.pieces(today.getName());
    return !pieces.isEmpty() && pieces.get(pieces.size() - 1).toString().equals(today.toString());
  }
}
