package io.deltapress.app.setup;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.RegisteredSchemas;
import io.deltapress.schemas.serde.SchemaRegistration;
import io.deltapress.schemas.serde.Subjects;
import io.deltapress.schemas.serde.WireSchema;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** The schemas of the catalogue's topics in a registry. */
final class CatalogueSchemas {
  private final Connection connection;
  private final RegisteredSchemas schemas;

  CatalogueSchemas(Connection connection) {
    this.connection = connection;
    this.schemas = connection.schemas();
  }

  /** Registers what is missing and returns the subjects. */
  List<String> register() {
    List<String> registered = new ArrayList<>();
    for (Topic<?> topic : Topics.all()) {
      String subject = Subjects.ofValues(connection.nameOf(topic));
      if (register(subject, WireSchema.of(topic.value()))) {
        registered.add(subject);
      }
    }
    return registered;
  }

  private boolean register(String subject, Schema schema) {
    // The rule comes before the schema, except that not every registry takes a rule for a subject
    // without any schema.
    boolean known = schemas.hasSubject(subject);
    if (known) {
      schemas.requireFullCompatibility(subject);
    }
    boolean missing = !known || !schemas.isRegistered(subject, schema);
    if (missing) {
      schemas.idOf(subject, schema, SchemaRegistration.REGISTER);
    }
    if (!known) {
      schemas.requireFullCompatibility(subject);
    }
    return missing;
  }
}
