package io.deltapress.schemas.client;

import io.deltapress.schemas.serde.SchemaRegistration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the settings of a connection. */
final class ConnectionSettings {
  // What Kafka allows in topic names; the longest suffix of ours leaves room for 200 more
  // characters.
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{0,200}");

  private ConnectionSettings() {}

  static Connection connection(Map<String, ?> properties) {
    return new Connection(
        required(properties, ConnectionKeys.BOOTSTRAP_SERVERS, "host:9092"),
        required(properties, ConnectionKeys.REGISTRY_URL, "http://host:8081"),
        prefix(properties),
        registration(properties),
        below(properties, ConnectionKeys.KAFKA),
        registryProperties(properties));
  }

  private static String required(Map<String, ?> properties, String key, String example) {
    String value = text(properties, key);
    if (value == null) {
      throw new InvalidConnectionException(
          "The setting %s is missing: set it, for example to %s.".formatted(key, example));
    }
    return value;
  }

  private static String prefix(Map<String, ?> properties) {
    Object value = properties.get(ConnectionKeys.TOPIC_PREFIX);
    String prefix = value == null ? Connection.defaultPrefix() : value.toString().strip();
    if (!PREFIX.matcher(prefix).matches()) {
      throw new InvalidConnectionException(
          "The setting %s is '%s': use at most 200 of A-Z a-z 0-9 . _ -"
              .formatted(ConnectionKeys.TOPIC_PREFIX, prefix));
    }
    return prefix;
  }

  private static SchemaRegistration registration(Map<String, ?> properties) {
    String value = text(properties, ConnectionKeys.AUTO_REGISTER_SCHEMAS);
    if (value == null || value.equalsIgnoreCase("false")) {
      return SchemaRegistration.LOOK_UP;
    }
    if (value.equalsIgnoreCase("true")) {
      return SchemaRegistration.REGISTER;
    }
    throw new InvalidConnectionException(
        "The setting %s is '%s': use true or false."
            .formatted(ConnectionKeys.AUTO_REGISTER_SCHEMAS, value));
  }

  private static @Nullable String text(Map<String, ?> properties, String key) {
    Object value = properties.get(key);
    String text = value == null ? "" : value.toString().strip();
    return text.isEmpty() ? null : text;
  }

  /**
   * Confluent's client reads some of its settings with and some without its prefix, so it gets
   * both.
   */
  private static Map<String, Object> registryProperties(Map<String, ?> properties) {
    Map<String, Object> found = below(properties, ConnectionKeys.REGISTRY);
    Map<String, Object> both = new HashMap<>(found);
    found.forEach((key, value) -> both.put(ConnectionKeys.REGISTRY + key, value));
    return both;
  }

  private static Map<String, Object> below(Map<String, ?> properties, String prefix) {
    Map<String, Object> found = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(prefix) && value != null) {
            found.put(key.substring(prefix.length()), value);
          }
        });
    return found;
  }
}
