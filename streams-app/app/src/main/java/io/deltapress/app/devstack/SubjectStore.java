package io.deltapress.app.devstack;

import io.confluent.kafka.schemaregistry.CompatibilityChecker;
import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Subjects with their schemas and compatibility levels. One schema has one id, under whatever
 * subjects. Safe for many threads.
 */
final class SubjectStore implements Closeable {
  private static final CompatibilityLevel DEFAULT_LEVEL = CompatibilityLevel.FULL_TRANSITIVE;
  private static final String LATEST = "latest";

  private final Map<String, List<VersionedSchema>> subjects = new TreeMap<>();
  private final Map<Integer, AvroSchema> schemas = new HashMap<>();
  private final Map<String, CompatibilityLevel> levels = new HashMap<>();
  private CompatibilityLevel defaultLevel = DEFAULT_LEVEL;
  private final RegistryJournal journal;

  /**
   * Opens the store that a file holds.
   *
   * @throws IOException if the file cannot be read or written
   */
  SubjectStore(Path file) throws IOException {
    this.journal = RegistryJournal.open(file, this::replay);
  }

  private void replay(RegistryJournal.Entry entry) {
    if (entry.schema() != null && entry.id() != null && entry.subject() != null) {
      add(entry.subject(), entry.id(), new AvroSchema(entry.schema()));
    } else if (entry.compatibility() != null) {
      setLevel(entry.subject(), CompatibilityLevel.valueOf(entry.compatibility()));
    }
  }

  private void add(String subject, int id, AvroSchema schema) {
    List<VersionedSchema> known = subjects.getOrDefault(subject, List.of());
    List<VersionedSchema> grown = new ArrayList<>(known);
    grown.add(new VersionedSchema(subject, known.size() + 1, id, schema));
    subjects.put(subject, List.copyOf(grown));
    schemas.putIfAbsent(id, schema);
  }

  private void setLevel(@Nullable String subject, CompatibilityLevel level) {
    if (subject == null) {
      defaultLevel = level;
    } else {
      levels.put(subject, level);
    }
  }

  /** Returns the id of a schema under a subject, adding it where it is new and compatible. */
  synchronized int register(String subject, String text) throws RegistryException {
    AvroSchema schema = parsed(text);
    Optional<VersionedSchema> known = known(subject, schema);
    if (known.isPresent()) {
      return known.get().id();
    }
    List<String> problems = problems(subject, schema);
    if (!problems.isEmpty()) {
      throw RegistryException.incompatible(subject, problems.toString());
    }
    int id = idOf(schema);
    write(RegistryJournal.Entry.schema(subject, id, schema.canonicalString()));
    add(subject, id, schema);
    return id;
  }

  synchronized VersionedSchema find(String subject, String text) throws RegistryException {
    versionsOf(subject);
    return known(subject, parsed(text)).orElseThrow(RegistryException::noSchema);
  }

  synchronized String schema(int id) throws RegistryException {
    AvroSchema schema = schemas.get(id);
    if (schema == null) {
      throw RegistryException.noSchema();
    }
    return schema.canonicalString();
  }

  synchronized List<String> subjects() {
    return List.copyOf(subjects.keySet());
  }

  synchronized List<Integer> versions(String subject) throws RegistryException {
    return versionsOf(subject).stream().map(VersionedSchema::version).toList();
  }

  /** Returns one version of a subject by its number or {@code latest}. */
  synchronized VersionedSchema version(String subject, String version) throws RegistryException {
    List<VersionedSchema> versions = versionsOf(subject);
    if (version.equals(LATEST)) {
      return versions.get(versions.size() - 1);
    }
    return versions.stream()
        .filter(candidate -> Integer.toString(candidate.version()).equals(version))
        .findFirst()
        .orElseThrow(() -> RegistryException.noVersion(version));
  }

  synchronized boolean isCompatible(String subject, String text) throws RegistryException {
    return problems(subject, parsed(text)).isEmpty();
  }

  /** Returns the level of a subject or, for null, of all subjects that have none of their own. */
  synchronized CompatibilityLevel compatibility(@Nullable String subject) throws RegistryException {
    if (subject == null) {
      return defaultLevel;
    }
    CompatibilityLevel level = levels.get(subject);
    if (level == null) {
      throw RegistryException.noSubjectCompatibility(subject);
    }
    return level;
  }

  synchronized void setCompatibility(@Nullable String subject, CompatibilityLevel level)
      throws RegistryException {
    write(RegistryJournal.Entry.compatibility(subject, level.name()));
    setLevel(subject, level);
  }

  private List<VersionedSchema> versionsOf(String subject) throws RegistryException {
    List<VersionedSchema> versions = subjects.get(subject);
    if (versions == null) {
      throw RegistryException.noSubject(subject);
    }
    return versions;
  }

  /** By its text, documentation included, as Confluent's registry tells schemas apart. */
  private Optional<VersionedSchema> known(String subject, AvroSchema schema) {
    return subjects.getOrDefault(subject, List.of()).stream()
        .filter(version -> version.schema().canonicalString().equals(schema.canonicalString()))
        .findFirst();
  }

  private List<String> problems(String subject, AvroSchema schema) {
    CompatibilityLevel level = levels.getOrDefault(subject, defaultLevel);
    List<AvroSchema> earlier =
        subjects.getOrDefault(subject, List.of()).stream().map(VersionedSchema::schema).toList();
    return CompatibilityChecker.checker(level).isCompatible(schema, earlier);
  }

  private int idOf(AvroSchema schema) {
    return schemas.entrySet().stream()
        .filter(known -> known.getValue().canonicalString().equals(schema.canonicalString()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(schemas.size() + 1);
  }

  private static AvroSchema parsed(String text) throws RegistryException {
    try {
      AvroSchema schema = new AvroSchema(text);
      schema.canonicalString();
      return schema;
    } catch (AvroRuntimeException e) {
      throw RegistryException.invalidSchema(String.valueOf(e.getMessage()));
    }
  }

  private void write(RegistryJournal.Entry entry) throws RegistryException {
    try {
      journal.append(entry);
    } catch (IOException e) {
      throw RegistryException.storage(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public synchronized void close() throws IOException {
    journal.close();
  }
}
