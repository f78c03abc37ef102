package io.deltapress.app.devstack;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The arguments of {@link DevStackMain}: a directory, then {@code broker=PORT} and {@code
 * registry=PORT} for what to start (0 for any free port), and {@code kafka.KEY=VALUE} for settings
 * of the broker.
 *
 * @param directory what the data is kept in
 * @param brokerPort the broker's port, absent for no broker
 * @param registryPort the registry's port, absent for no registry
 * @param brokerOverrides settings of the broker
 */
record DevStackArguments(
    Path directory,
    OptionalInt brokerPort,
    OptionalInt registryPort,
    Map<String, String> brokerOverrides) {
  static final String USAGE =
      "usage: DevStackMain DIRECTORY [broker=PORT] [registry=PORT] [kafka.KEY=VALUE]...";
  private static final int LARGEST_PORT = 65_535;
  private static final String KAFKA = "kafka.";

  /**
   * Reads arguments.
   *
   * @throws IllegalArgumentException if they make no sense
   */
  static DevStackArguments parse(String... arguments) {
    if (arguments.length < 2) {
      throw new IllegalArgumentException(USAGE);
    }
    Map<String, String> settings = settings(List.of(arguments).subList(1, arguments.length));
    OptionalInt broker = port(settings, "broker");
    OptionalInt registry = port(settings, "registry");
    Map<String, String> overrides = new HashMap<>();
    settings.forEach((key, value) -> overrides.put(kafkaKey(key), value));
    return new DevStackArguments(Path.of(arguments[0]), broker, registry, overrides);
  }

  private static Map<String, String> settings(List<String> arguments) {
    Map<String, String> settings = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(USAGE);
      }
      settings.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    return settings;
  }

  private static OptionalInt port(Map<String, String> settings, String key) {
    String port = settings.remove(key);
    if (port == null) {
      return OptionalInt.empty();
    }
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "%s=%s is no port: use 0 to %d".formatted(key, port, LARGEST_PORT));
    }
    return OptionalInt.of(Integer.parseInt(port));
  }

  private static String kafkaKey(String key) {
    if (!key.startsWith(KAFKA)) {
      throw new IllegalArgumentException(USAGE);
    }
    return key.substring(KAFKA.length());
  }
}
