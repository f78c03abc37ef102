package io.deltapress.app.devstack;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.SchemaRegistration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A broker and a schema registry in this process, reachable from other processes of this machine.
 * Both keep their data in one directory, so that a stack started there again goes on where it
 * ended, on the same ports or others.
 */
public final class DevStack implements AutoCloseable {
  private final EmbeddedBroker broker;
  private final EmbeddedRegistry registry;
  private final Connection connection;

  private DevStack(EmbeddedBroker broker, EmbeddedRegistry registry, String topicPrefix) {
    this.broker = broker;
    this.registry = registry;
    this.connection =
        new Connection(
            broker.bootstrapServers(),
            registry.url(),
            topicPrefix,
            SchemaRegistration.REGISTER,
            Map.of(),
            Map.of());
  }

  /** Starts a stack on free ports. */
  public static DevStack start(Path directory) throws IOException {
    return start(DevStackSettings.in(directory));
  }

  /**
   * Starts a stack and waits until it serves.
   *
   * @throws IOException with a final message if the directory or a port is in use
   */
  public static DevStack start(DevStackSettings settings) throws IOException {
    EmbeddedRegistry registry =
        EmbeddedRegistry.start(settings.directory().resolve("registry"), settings.registryPort());
    try {
      EmbeddedBroker broker =
          EmbeddedBroker.start(
              settings.directory().resolve("broker"),
              settings.brokerPort(),
              settings.brokerOverrides());
      return new DevStack(broker, registry, settings.topicPrefix());
    } catch (IOException e) {
      registry.close();
      throw e;
    }
  }

  /** Returns a connection that registers schemas as they are needed. */
  public Connection connection() {
    return connection;
  }

  /** Returns the broker's {@code host:port}. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Returns the registry's address. */
  public String registryUrl() {
    return registry.url();
  }

  /** Stops the broker, then the registry. */
  @Override
  public void close() throws IOException {
    try {
      broker.close();
    } finally {
      registry.close();
    }
  }
}
