package io.deltapress.schemas.client;

/** The settings a {@link Connection} is made from. */
public final class ConnectionKeys {
  /** Broker addresses, {@code host:port} separated by commas; required. */
  public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

  /** Address of the schema registry; required. Several are separated by commas. */
  public static final String REGISTRY_URL = "schema.registry.url";

  /** What topic names and group ids start with. */
  public static final String TOPIC_PREFIX = "topic.prefix";

  /** Whether writing a record registers its schema; otherwise setup has to. */
  public static final String AUTO_REGISTER_SCHEMAS = "auto.register.schemas";

  /** Everything below this goes to every Kafka client with the prefix taken off. */
  public static final String KAFKA = "kafka.";

  /** Everything below this goes to the registry's client, such as credentials. */
  public static final String REGISTRY = "schema.registry.";

  private ConnectionKeys() {}

  /** Returns whether a setting is one that a connection reads. */
  public static boolean isKnown(String key) {
    return key.equals(BOOTSTRAP_SERVERS)
        || key.equals(TOPIC_PREFIX)
        || key.equals(AUTO_REGISTER_SCHEMAS)
        || key.startsWith(KAFKA)
        || key.startsWith(REGISTRY);
  }
}
