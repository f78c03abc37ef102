package io.deltapress.app.cli;

import io.deltapress.format.BadInputException;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.client.InvalidConnectionException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of a configuration file; what is wrong with them is told with the file's name.
 *
 * @param file where they are from
 * @param values by key
 */
record Settings(Path file, Map<String, String> values) {

  /** Reads a file. */
  static Settings read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(file, "no such file; --config names a Java properties file");
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw BadInputException.of(file, "not a Java properties file in UTF-8: " + e.getMessage());
    }
    Map<String, String> values = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      values.put(name, properties.getProperty(name).strip());
    }
    return new Settings(file, values);
  }

  /** How broker and registry are reached. */
  Connection connection() throws BadInputException {
    return parse(Connection::fromProperties);
  }

  /** These settings and one more, unless the file says otherwise. */
  Settings withDefault(String key, String value) {
    Map<String, String> more = new TreeMap<>(values);
    more.putIfAbsent(key, value);
    return new Settings(file, more);
  }

  /** These settings with another value for that key, whatever the file says. */
  Settings with(String key, String value) {
    Map<String, String> changed = new TreeMap<>(values);
    changed.put(key, value);
    return new Settings(file, changed);
  }

  /** What some part of the program makes of the settings. */
  <T> T parse(Function<Map<String, String>, T> parser) throws BadInputException {
    try {
      return parser.apply(values);
    } catch (ConfigException | InvalidConnectionException e) {
      throw BadInputException.of(file, String.valueOf(e.getMessage()));
    }
  }
}
