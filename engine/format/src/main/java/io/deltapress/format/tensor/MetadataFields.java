package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The {@code __metadata__} of a stranger's file, read field by field.
 *
 * @param file for messages
 * @param fields the text of each
 */
public record MetadataFields(Path file, Map<String, String> fields) {
  /** The field with the name of a file's format. */
  public static final String FORMAT = "format";

  /** The field with the version of that format. */
  public static final String VERSION = "format_version";

  /**
   * Checks that a file is of the one format and version that is read.
   *
   * @param artifact what such a file is, for messages: {@code delta artifact}
   * @throws BadInputException if it is not
   */
  public void requireFormat(String artifact, String name, int version) throws BadInputException {
    if (!name.equals(fields.get(FORMAT))) {
      throw BadInputException.of(file, "is no " + artifact + ": its metadata name no such format");
    }
    String found = fields.getOrDefault(VERSION, "");
    if (!found.equals(Integer.toString(version))) {
      throw BadInputException.of(
          file,
          "is an artifact of format version "
              + BadInputException.quote(found)
              + ", this program reads version "
              + version
              + "; use a newer one");
    }
  }

  /**
   * The value of a field that must be there.
   *
   * @param parser gives nothing, or throws {@link IllegalArgumentException}, for what is not valid
   * @throws BadInputException if it is missing or not valid
   */
  public <T> T require(String key, Function<String, Optional<T>> parser) throws BadInputException {
    String text = fields.get(key);
    if (text == null) {
      throw BadInputException.of(file, "lacks the metadata field " + key);
    }
    Optional<T> value;
    try {
      value = parser.apply(text);
    } catch (IllegalArgumentException e) {
      value = Optional.empty();
    }
    if (value.isEmpty()) {
      throw BadInputException.of(
          file,
          "has the metadata field %s = %s, which is not valid"
              .formatted(key, BadInputException.quote(text)));
    }
    return value.get();
  }

  /** The fields whose keys begin so, by what follows. */
  public SortedMap<String, String> under(String prefix) {
    SortedMap<String, String> found = new TreeMap<>();
    fields.forEach(
        (key, text) -> {
          if (key.startsWith(prefix)) {
            found.put(key.substring(prefix.length()), text);
          }
        });
    return found;
  }
}
