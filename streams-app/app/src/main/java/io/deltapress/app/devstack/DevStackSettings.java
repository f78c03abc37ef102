package io.deltapress.app.devstack;

import io.deltapress.schemas.topic.Topics;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where and how an embedded stack runs.
 *
 * @param directory what it keeps its data in; it may be used again later
 * @param brokerPort the broker's port on the loopback interface, 0 for any free one
 * @param registryPort the registry's port on the loopback interface, 0 for any free one
 * @param topicPrefix what topic names start with
 * @param brokerOverrides broker settings that replace the ones of the stack
 */
public record DevStackSettings(
    Path directory,
    int brokerPort,
    int registryPort,
    String topicPrefix,
    Map<String, String> brokerOverrides) {
  public DevStackSettings {
    brokerOverrides = Map.copyOf(brokerOverrides);
  }

  /** Returns settings with free ports and the usual prefix. */
  public static DevStackSettings in(Path directory) {
    return new DevStackSettings(directory, Ports.ANY, Ports.ANY, Topics.DEFAULT_PREFIX, Map.of());
  }

  /** Returns the same settings with fixed ports. */
  public DevStackSettings withPorts(int broker, int registry) {
    return new DevStackSettings(directory, broker, registry, topicPrefix, brokerOverrides);
  }
}
