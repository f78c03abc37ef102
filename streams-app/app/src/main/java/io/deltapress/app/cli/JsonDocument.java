package io.deltapress.app.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;

/** Results as JSON: indented, absent values left out, numbers never in exponents by surprise. */
final class JsonDocument {
  private static final ObjectWriter ONE_LINE =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build()
          .writer();
  private static final ObjectWriter INDENTED = ONE_LINE.withDefaultPrettyPrinter();

  private JsonDocument() {}

  /** Prints a document and ends the line. */
  static void print(PrintStream out, Object document) {
    print(out, document, INDENTED);
  }

  /** Prints a document in one line, for results that never end. */
  static void printLine(PrintStream out, Object document) {
    print(out, document, ONE_LINE);
  }

  private static void print(PrintStream out, Object document, ObjectWriter writer) {
    try {
      out.println(writer.writeValueAsString(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("result cannot be written as JSON: " + document, e);
    }
  }
}
