package io.deltapress.format.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.deltapress.format.BadInputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * JSON of a stranger, read token by token: strict UTF-8, bounded names, strings, numbers and depth,
 * and every failure a {@link BadInputException} of one line.
 */
public final class StrictJson implements Closeable {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NAME_CHARACTERS = 1 << 16;
  private static final int MAX_NUMBER_CHARACTERS = 100;
  private static final int MAX_STRING_CHARACTERS = 32 << 20;

  /** Names of strangers are neither interned nor kept in a symbol table shared by parsers. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNameLength(MAX_NAME_CHARACTERS)
                  .maxNumberLength(MAX_NUMBER_CHARACTERS)
                  .maxStringLength(MAX_STRING_CHARACTERS)
                  .build())
          .build();

  private final Path file;
  private final String subject;
  private final JsonParser parser;

  /**
   * @param file for messages
   * @param subject what the JSON is, for messages: {@code header}
   * @param bytes read to their end, closed by {@link #close()}
   */
  public StrictJson(Path file, String subject, InputStream bytes) throws IOException {
    this.file = file;
    this.subject = subject;
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    this.parser = FACTORY.createParser(new InputStreamReader(bytes, decoder));
  }

  /** The next token; null at the end. */
  public @Nullable JsonToken next() throws IOException {
    return guarded(parser::nextToken);
  }

  /** Text of the present token: a string's content, a number as written. */
  public String text() throws IOException {
    return guarded(parser::getText);
  }

  /** Key of the next field of an object, null at the object's end. */
  public @Nullable String nextKey() throws IOException {
    return next() == JsonToken.FIELD_NAME ? guarded(parser::currentName) : null;
  }

  /** Skips the value of the present field, whatever it is. */
  public void skipValue() throws IOException {
    next();
    guarded(parser::skipChildren);
  }

  /** Goes on to the value of the present field, which must be of that type. */
  public void expect(JsonToken expected, String rule) throws IOException {
    if (next() != expected) {
      throw bad(rule);
    }
  }

  /** Goes to the end of the document: nothing but white space may follow. */
  public void expectEnd() throws IOException {
    if (next() != null) {
      throw bad(subject + " goes on after its JSON object");
    }
  }

  /** Whether the present token is an integer that a {@code long} holds. */
  public boolean isLong() throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && guarded(parser::getNumberType) != JsonParser.NumberType.BIG_INTEGER;
  }

  /** Whether the present token ends an array. */
  public boolean isArrayEnd() {
    return parser.currentToken() == JsonToken.END_ARRAY;
  }

  /** Whether the present token is a number. */
  public boolean isNumber() {
    JsonToken token = parser.currentToken();
    return token != null && token.isNumeric();
  }

  /** Value of the present token, if {@link #isNumber()}, as the nearest binary64. */
  public double doubleValue() throws IOException {
    return guarded(parser::getDoubleValue);
  }

  /** Value of the present token, if {@link #isLong()}. */
  public long longValue() throws IOException {
    return guarded(parser::getLongValue);
  }

  /** A failure that names the file. */
  public BadInputException bad(String rule) {
    return BadInputException.of(file, rule);
  }

  private interface Read<T extends @Nullable Object> {
    T get() throws IOException;
  }

  private <T extends @Nullable Object> T guarded(Read<T> read) throws IOException {
    try {
      return read.get();
    } catch (CharacterCodingException e) {
      throw new BadInputException(file + ": " + subject + " is not valid UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new BadInputException(file + ": " + subject + " is not valid JSON: " + reason(e), e);
    }
  }

  private static String reason(JsonProcessingException e) {
    var at = e.getLocation();
    String where = at == null ? "" : " (character " + at.getCharOffset() + ")";
    return e.getOriginalMessage() + where;
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
