package io.deltapress.schemas.serde;

import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * Schemas by id and ids by schema, as a registry knows them. Answers are kept for good, since a
 * registry never changes them; what it does not know is asked again. Safe for many threads.
 */
public final class RegisteredSchemas {
  private final SchemaRegistryClient client;
  private final RegistryRetries retries;
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

  /** Returns the schemas of one registry, asked with the standard patience. */
  public RegisteredSchemas(SchemaRegistryClient client) {
    this(client, RetryPolicy.standard());
  }

  /** Returns the schemas of one registry. */
  public RegisteredSchemas(SchemaRegistryClient client, RetryPolicy policy) {
    this.client = client;
    this.retries = new RegistryRetries(policy);
  }

  /**
   * Returns the schema with an id, empty when the registry has none.
   *
   * @throws RegistryUnavailableException when the registry does not answer
   */
  Optional<Schema> byId(int id) {
    Schema known = schemas.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Schema> fetched = fetch(id);
    fetched.ifPresent(schema -> schemas.put(id, schema));
    return fetched;
  }

  private Optional<Schema> fetch(int id) {
    String purpose = "give out schema " + id;
    try {
      ParsedSchema schema = retries.ask(purpose, () -> client.getSchemaById(id));
      return schema instanceof AvroSchema avro ? Optional.of(avro.rawSchema()) : Optional.empty();
    } catch (RestClientException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the id of a schema under a subject.
   *
   * @throws UnregisteredSchemaException when the registry does not have it, or does not take it
   * @throws RegistryUnavailableException when the registry does not answer
   */
  public int idOf(String subject, Schema schema, SchemaRegistration registration) {
    AvroSchema avro = new AvroSchema(schema);
    try {
      return switch (registration) {
        case LOOK_UP ->
            retries.ask("look up the schema of " + subject, () -> client.getId(subject, avro));
        case REGISTER ->
            retries.ask("register the schema of " + subject, () -> client.register(subject, avro));
      };
    } catch (RestClientException e) {
      throw new UnregisteredSchemaException(unregistered(subject, schema, registration, e), e);
    }
  }

  /** Returns whether the registry has a schema under a subject. */
  public boolean isRegistered(String subject, Schema schema) {
    AvroSchema avro = new AvroSchema(schema);
    try {
      retries.ask("look up the schema of " + subject, () -> client.getId(subject, avro));
      return true;
    } catch (RestClientException e) {
      return false;
    }
  }

  /** Returns whether the registry has any schema under a subject. */
  public boolean hasSubject(String subject) {
    try {
      return !retries
          .ask("list the versions of " + subject, () -> client.getAllVersions(subject))
          .isEmpty();
    } catch (RestClientException e) {
      return false;
    }
  }

  /**
   * Makes the registry take only schemas under a subject that old readers can read and that read
   * old records, back to the first one.
   *
   * @throws UnregisteredSchemaException when the registry does not let it be changed
   * @throws RegistryUnavailableException when the registry does not answer
   */
  public void requireFullCompatibility(String subject) {
    try {
      retries.ask(
          "keep the compatibility of " + subject,
          () -> client.updateCompatibility(subject, CompatibilityLevel.FULL_TRANSITIVE.name));
    } catch (RestClientException e) {
      throw new UnregisteredSchemaException(
          "The schema registry refuses to hold %s to FULL_TRANSITIVE: %s"
              .formatted(subject, e.getMessage()),
          e);
    }
  }

  private static String unregistered(
      String subject, Schema schema, SchemaRegistration registration, RestClientException error) {
    return switch (registration) {
      case LOOK_UP ->
          "The schema registry does not have this release's schema of %s under %s: run setup first."
              .formatted(schema.getFullName(), subject);
      case REGISTER ->
          "The schema registry refuses the schema of %s under %s: %s"
              .formatted(schema.getFullName(), subject, error.getMessage());
    };
  }
}
