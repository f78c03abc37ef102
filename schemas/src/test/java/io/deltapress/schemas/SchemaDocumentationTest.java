package io.deltapress.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.schemas.serde.WireSchema;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class SchemaDocumentationTest {
  private final Map<String, Schema> named = named();

  @Test
  void shouldReachEverySchemaFileFromTheCatalogue() throws IOException {
    // When
    List<String> files;
    try (Stream<Path> paths = Files.list(Path.of("src/main/avro"))) {
      files = paths.map(path -> path.getFileName().toString().replace(".avsc", "")).toList();
    }

    // Then
    assertThat(named.keySet()).containsExactlyInAnyOrderElementsOf(files);
  }

  @Test
  void shouldDocumentEveryRecordEnumAndField() {
    // When
    List<String> undocumented =
        named.values().stream().flatMap(SchemaDocumentationTest::undocumented).toList();

    // Then
    assertThat(undocumented).isEmpty();
  }

  @Test
  void shouldGiveEveryEnumASymbolForWhatComesLater() {
    // When
    List<String> closed =
        named.values().stream()
            .filter(schema -> schema.getType() == Schema.Type.ENUM)
            .filter(schema -> !"UNKNOWN".equals(schema.getEnumDefault()))
            .map(Schema::getFullName)
            .toList();

    // Then
    assertThat(closed).isEmpty();
  }

  @Test
  void shouldDefaultEveryOptionalFieldToNull() {
    // When
    List<String> withoutDefault =
        records()
            .flatMap(record -> record.getFields().stream())
            .filter(field -> field.schema().isNullable())
            .filter(field -> field.defaultVal() != JsonProperties.NULL_VALUE)
            .map(Schema.Field::name)
            .toList();

    // Then
    assertThat(withoutDefault).isEmpty();
  }

  private Stream<Schema> records() {
    return named.values().stream().filter(schema -> schema.getType() == Schema.Type.RECORD);
  }

  private static Stream<String> undocumented(Schema schema) {
    Stream<String> fields =
        schema.getType() != Schema.Type.RECORD
            ? Stream.empty()
            : schema.getFields().stream()
                .filter(field -> isBlank(field.doc()))
                .map(field -> schema.getName() + "." + field.name());
    return isBlank(schema.getDoc()) ? Stream.concat(Stream.of(schema.getName()), fields) : fields;
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private static Map<String, Schema> named() {
    Map<String, Schema> found = new TreeMap<>();
    for (Topic<?> topic : Topics.all()) {
      collect(WireSchema.of(topic.value()), found);
    }
    return found;
  }

  private static void collect(Schema schema, Map<String, Schema> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (found.put(schema.getName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), found));
        }
      }
      case ENUM -> found.put(schema.getName(), schema);
      case ARRAY -> collect(schema.getElementType(), found);
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, found));
      default -> {
        // a primitive has no name
      }
    }
  }
}
