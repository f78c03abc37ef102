package io.deltapress.app.config;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The keys that any role knows. One file configures all roles, so a key is wrong only if no role
 * knows it; a wrong key is never ignored, for it is a setting that somebody believes to be in
 * force.
 *
 * @param names exact keys
 * @param shapes keys that carry a name, such as {@code tenants.acme.topics}
 */
public record KnownKeys(Set<String> names, List<Pattern> shapes) {

  /** Copies both, so that the result is immutable. */
  public KnownKeys {
    names = Set.copyOf(names);
    shapes = List.copyOf(shapes);
  }

  /** The keys of these definitions. */
  public static KnownKeys of(ConfigDef... definitions) {
    Set<String> names = new HashSet<>();
    for (ConfigDef definition : definitions) {
      names.addAll(definition.names());
    }
    return new KnownKeys(names, List.of());
  }

  /** These keys and some more. */
  public KnownKeys and(Collection<String> moreNames) {
    Set<String> all = new HashSet<>(names);
    all.addAll(moreNames);
    return new KnownKeys(all, shapes);
  }

  /** These keys and all that match a shape, {@code kafka\..+} for instance. */
  public KnownKeys andShape(Pattern shape) {
    return new KnownKeys(names, Stream.concat(shapes.stream(), Stream.of(shape)).toList());
  }

  /**
   * Fails on the first unknown key, in alphabetical order.
   *
   * @throws ConfigException naming the key and the known key that looks most like it
   */
  public void check(Map<String, ?> properties) {
    for (String key : new TreeSet<>(properties.keySet())) {
      if (!knows(key)) {
        throw new ConfigException(
            "Unknown key %s: did you mean %s?".formatted(key, closestTo(key)));
      }
    }
  }

  private boolean knows(String key) {
    return names.contains(key) || shapes.stream().anyMatch(shape -> shape.matcher(key).matches());
  }

  private String closestTo(String key) {
    String closest = "";
    int least = Integer.MAX_VALUE;
    for (String name : new TreeSet<>(names)) {
      int distance = EditDistance.between(key, name);
      if (distance < least) {
        least = distance;
        closest = name;
      }
    }
    return closest;
  }
}
