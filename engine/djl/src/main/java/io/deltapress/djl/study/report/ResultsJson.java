package io.deltapress.djl.study.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.deltapress.format.artifact.ValueCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes a study as JSON: one cell per line, so that versions can be compared, and six significant
 * digits.
 */
public final class ResultsJson {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new SixDigits())
                  .addSerializer(double.class, new SixDigits())
                  .addSerializer(ValueCode.class, new WireName()))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  private ResultsJson() {}

  /**
   * Writes a study.
   *
   * @param document the study
   * @return JSON, ended by a line break
   */
  public static String of(StudyDocument document) {
    return text(document);
  }

  /**
   * Writes a study of editing.
   *
   * @param document the study
   * @return JSON, ended by a line break
   */
  public static String of(EditingDocument document) {
    return text(document);
  }

  private static String text(Object document) {
    try {
      StringBuilder text = new StringBuilder("{");
      JsonNode tree = JSON.readTree(JSON.writeValueAsString(document));
      Iterator<Map.Entry<String, JsonNode>> fields = tree.fields();
      while (fields.hasNext()) {
        Map.Entry<String, JsonNode> field = fields.next();
        text.append("\n\"").append(field.getKey()).append("\": ");
        append(text, field.getValue());
        text.append(fields.hasNext() ? "," : "");
      }
      return text.append("\n}\n").toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a study cannot be written as JSON", e);
    }
  }

  private static void append(StringBuilder text, JsonNode value) {
    if (!value.isArray()) {
      text.append(value);
      return;
    }
    text.append('[');
    for (int i = 0; i < value.size(); i++) {
      text.append(i == 0 ? "\n  " : ",\n  ").append(value.get(i));
    }
    text.append(']');
  }

  private static final class WireName extends StdSerializer<ValueCode> {
    private static final long serialVersionUID = 1L;

    WireName() {
      super(ValueCode.class);
    }

    @Override
    public void serialize(ValueCode value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(value.wireName());
    }
  }

  private static final class SixDigits extends StdSerializer<Double> {
    private static final long serialVersionUID = 1L;
    private static final MathContext DIGITS = new MathContext(6);

    SixDigits() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(new BigDecimal(value).round(DIGITS).stripTrailingZeros());
      } else {
        json.writeString(value.toString());
      }
    }
  }
}
