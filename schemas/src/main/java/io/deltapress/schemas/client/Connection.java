package io.deltapress.schemas.client;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.deltapress.schemas.serde.AvroSerde;
import io.deltapress.schemas.serde.RegisteredSchemas;
import io.deltapress.schemas.serde.SchemaRegistration;
import io.deltapress.schemas.serde.TrustedRecords;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * How a process reaches the broker and the registry. Everything made from one connection shares one
 * registry client and its caches. Safe for many threads.
 */
public final class Connection {
  private static final int CACHED_SCHEMAS = 1000;

  static {
    TrustedRecords.install();
  }

  private final String bootstrapServers;
  private final String registryUrl;
  private final String topicPrefix;
  private final SchemaRegistration registration;
  private final Map<String, Object> clientProperties;
  private final SchemaRegistryClient registryClient;
  private final RegisteredSchemas schemas;

  /** Returns a connection that looks schemas up and never registers any. */
  public Connection(
      String bootstrapServers,
      String registryUrl,
      String topicPrefix,
      Map<String, Object> clientProperties) {
    this(
        bootstrapServers,
        registryUrl,
        topicPrefix,
        SchemaRegistration.LOOK_UP,
        clientProperties,
        Map.of());
  }

  /**
   * Returns a connection. Nothing is contacted before it is needed.
   *
   * @param bootstrapServers broker addresses, {@code host:port} separated by commas
   * @param registryUrl address of the registry; {@code mock://name} is one within this process, for
   *     tests
   * @param topicPrefix what topic names and group ids start with
   * @param registration whether writing a record registers its schema
   * @param clientProperties what every Kafka client is configured with besides
   * @param registryProperties what the registry's client is configured with besides
   */
  public Connection(
      String bootstrapServers,
      String registryUrl,
      String topicPrefix,
      SchemaRegistration registration,
      Map<String, Object> clientProperties,
      Map<String, Object> registryProperties) {
    this.bootstrapServers = bootstrapServers;
    this.registryUrl = registryUrl;
    this.topicPrefix = topicPrefix;
    this.registration = registration;
    this.clientProperties = Map.copyOf(clientProperties);
    this.registryClient = registryClient(registryUrl, registryProperties);
    this.schemas = new RegisteredSchemas(registryClient);
  }

  /**
   * Returns the connection that settings ask for; settings that are not of a connection are passed
   * over.
   *
   * @throws InvalidConnectionException with one line for a person when a setting is missing or
   *     makes no sense
   * @see ConnectionKeys
   */
  public static Connection fromProperties(Map<String, ?> properties) {
    return ConnectionSettings.connection(properties);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public String registryUrl() {
    return registryUrl;
  }

  public String topicPrefix() {
    return topicPrefix;
  }

  public SchemaRegistration registration() {
    return registration;
  }

  /** Returns what every Kafka client is configured with besides what this pipeline needs. */
  public Map<String, Object> clientProperties() {
    return clientProperties;
  }

  /** Returns the name of a topic below this connection's prefix. */
  public String nameOf(Topic<?> topic) {
    return topic.name(topicPrefix);
  }

  /** Returns the configuration of a producer; serializers are passed to its constructor. */
  public Map<String, Object> producerProperties() {
    return ClientProperties.producer(bootstrapServers, clientProperties);
  }

  /** Returns the configuration of a consumer that reads committed records from the beginning on. */
  public Map<String, Object> consumerProperties() {
    return ClientProperties.consumer(bootstrapServers, clientProperties);
  }

  /**
   * Returns the configuration of clients that are neither of both: share consumers, admin clients.
   */
  public Map<String, Object> commonProperties() {
    return ClientProperties.common(bootstrapServers, clientProperties);
  }

  /** Returns a serde for one record type. */
  public <T extends SpecificRecord> AvroSerde<T> serde(Class<T> type) {
    return new AvroSerde<>(type, schemas, registration);
  }

  /** Returns a serde for a topic's values. */
  public <V extends SpecificRecord> AvroSerde<V> serde(Topic<V> topic) {
    return serde(topic.value());
  }

  /** Returns the client of the registry. */
  public SchemaRegistryClient registryClient() {
    return registryClient;
  }

  /** Returns the schemas of the registry, with retries. */
  public RegisteredSchemas schemas() {
    return schemas;
  }

  @Override
  public String toString() {
    return "broker %s, registry %s, topics %s*"
        .formatted(bootstrapServers, registryUrl, topicPrefix);
  }

  private static SchemaRegistryClient registryClient(String url, Map<String, Object> overrides) {
    Map<String, Object> configs = new HashMap<>();
    // A registry that hangs must not hold up a Streams thread for the client's default of a minute.
    configs.put("http.connect.timeout.ms", 3000);
    configs.put("http.read.timeout.ms", 10_000);
    configs.putAll(overrides);
    return SchemaRegistryClientFactory.newClient(
        List.of(url.split(",")),
        CACHED_SCHEMAS,
        List.of(new AvroSchemaProvider()),
        configs,
        Map.of());
  }

  static String defaultPrefix() {
    return Topics.DEFAULT_PREFIX;
  }
}
