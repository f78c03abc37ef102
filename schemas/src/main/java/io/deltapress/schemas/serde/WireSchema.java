package io.deltapress.schemas.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.specific.SpecificRecord;

/** The schema of a record as others see it: without what only Java cares about. */
public final class WireSchema {
  private static final String JAVA_STRING = "avro.java.string";
  private static final ObjectMapper JSON = new ObjectMapper();

  private WireSchema() {}

  /** Returns the schema to register, document and compare. */
  public static Schema of(Class<? extends SpecificRecord> type) {
    String generated = RecordData.schema(type).toString();
    try {
      return new SchemaParser().parse(stripped(JSON.readTree(generated)).toString()).mainSchema();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The schema of " + type.getName() + " is not JSON.", e);
    }
  }

  /**
   * Returns the node with every {@code {"type": "string", "avro.java.string": …}} folded into
   * {@code "string"}.
   */
  private static JsonNode stripped(JsonNode node) {
    if (node instanceof ObjectNode object && object.remove(JAVA_STRING) != null) {
      return object.get("type");
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(entry -> entry.setValue(stripped(entry.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, stripped(array.get(i)));
      }
    }
    return node;
  }
}
