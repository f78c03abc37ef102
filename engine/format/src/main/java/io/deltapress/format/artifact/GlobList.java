package io.deltapress.format.artifact;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Globs as they stand in the metadata of an artifact: a JSON array of strings. */
final class GlobList {
  private static final JsonFactory FACTORY = new JsonFactory();

  private GlobList() {}

  static String write(List<String> globs) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartArray();
      for (String glob : globs) {
        json.writeString(glob);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("a writer in memory does not fail", e);
    }
    return text.toString();
  }

  /**
   * Reads what {@link #write} wrote. The text is a stranger's: how much of it there is was bounded
   * with the header.
   *
   * @throws IllegalArgumentException if it is no JSON array of strings
   */
  static List<String> parse(String text) {
    List<String> globs = new ArrayList<>();
    try (JsonParser json = FACTORY.createParser(text)) {
      require(json.nextToken() == JsonToken.START_ARRAY, text);
      while (json.nextToken() == JsonToken.VALUE_STRING) {
        globs.add(json.getText());
      }
      require(json.currentToken() == JsonToken.END_ARRAY && json.nextToken() == null, text);
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
    return globs;
  }

  private static void require(boolean rule, String text) {
    if (!rule) {
      throw new IllegalArgumentException(text);
    }
  }
}
