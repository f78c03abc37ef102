package io.deltapress.app.cli;

import io.deltapress.format.BadInputException;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.client.InvalidConnectionException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of a configuration file; what is wrong with them is told with the file's name.
 *
 * @param file where they are from
 * @param values by key
 */
record Settings(Path file, Map<String, String> values) {

  /** How broker and registry are reached. */
  Connection connection() throws BadInputException {
    return parse(Connection::fromProperties);
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
