package io.deltapress.app.config;

import io.deltapress.schemas.topic.ModelKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;

/**
 * Which topics may carry requests that name a tenant, since Kafka authorises topics and not keys.
 *
 * <p>{@code tenants.acme.topics=acme.deltas} lets requests for {@code acme} come from {@code
 * acme.deltas} alone; the topology then reads that topic too. {@code tenants.acme.edit-topics} and
 * {@code tenants.acme.control-topics} do the same for edits and control requests. A tenant with any
 * of these keys may be named on the topics they list and on no other; a tenant without any may be
 * named on every topic that is read.
 */
public final class TenantTopics {
  /** What requests a topic carries. */
  public enum Kind {
    DELTAS("topics", "deltas.submitted"),
    EDITS("edit-topics", "edits.requested"),
    CONTROLS("control-topics", "versions.control");

    private final Pattern key;
    private final String suffix;
    private final String common;

    Kind(String suffix, String common) {
      this.key = Pattern.compile("tenants\\.(.+)\\." + suffix);
      this.suffix = suffix;
      this.common = common;
    }

    /** Shape of the keys; group 1 is the tenant. */
    public Pattern key() {
      return key;
    }

    /** What the reference page says of the keys. */
    public String doc() {
      return "`tenants.NAME.%s`: Comma-separated full names of the topics whose records may name the"
              .formatted(suffix)
          + " tenant. Each is read in addition to %s. A tenant without any such key may be"
              .formatted(common)
          + " named on all of them.";
    }
  }

  private final Map<String, Map<Kind, Set<String>>> topicsOfTenant;

  private TenantTopics(Map<String, Map<Kind, Set<String>>> topicsOfTenant) {
    this.topicsOfTenant = topicsOfTenant;
  }

  /** No restriction: every tenant may be named on every topic. */
  public static TenantTopics unrestricted() {
    return new TenantTopics(Map.of());
  }

  /**
   * Reads the {@code tenants.<name>.topics} keys and their like among the properties.
   *
   * @throws ConfigException if a name is not that of a tenant, no topic is listed, or a topic is to
   *     carry requests of two kinds
   */
  public static TenantTopics of(Map<String, ?> properties) {
    Map<String, Map<Kind, Set<String>>> topicsOfTenant = new TreeMap<>();
    Map<String, Kind> kinds = new TreeMap<>();
    new TreeMap<>(properties)
        .forEach(
            (key, value) -> {
              for (Kind kind : Kind.values()) {
                Matcher matcher = kind.key().matcher(key);
                if (matcher.matches()) {
                  Set<String> topics = topics(key, value);
                  topics.forEach(topic -> requireOneKind(kinds, key, topic, kind));
                  topicsOfTenant
                      .computeIfAbsent(
                          tenant(key, matcher.group(1)), tenant -> new EnumMap<>(Kind.class))
                      .put(kind, topics);
                }
              }
            });
    return new TenantTopics(Collections.unmodifiableMap(topicsOfTenant));
  }

  private static void requireOneKind(Map<String, Kind> kinds, String key, String topic, Kind kind) {
    Kind other = kinds.putIfAbsent(topic, kind);
    if (other != null && other != kind) {
      throw new ConfigException(
          key, topic, "the topic is listed for requests of another kind already");
    }
  }

  private static String tenant(String key, String name) {
    if (!ModelKey.isValidName(name)) {
      throw new ConfigException(
          "Invalid key %s: %s is not the name of a tenant".formatted(key, name));
    }
    return name;
  }

  private static Set<String> topics(String key, Object value) {
    Set<String> topics =
        Arrays.stream(value.toString().split(",", -1))
            .map(String::strip)
            .filter(topic -> !topic.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    if (topics.isEmpty()) {
      throw new ConfigException(key, value, "at least one topic must be listed");
    }
    return Collections.unmodifiableSet(topics);
  }

  /** Whether a record of that topic may name that tenant. */
  public boolean allows(String tenant, String topic) {
    Map<Kind, Set<String>> topics = topicsOfTenant.get(tenant);
    return topics == null || topics.values().stream().anyMatch(of -> of.contains(topic));
  }

  /** Every topic listed for any tenant, sorted. */
  public NavigableSet<String> listed() {
    NavigableSet<String> listed = new TreeSet<>();
    for (Kind kind : Kind.values()) {
      listed.addAll(listed(kind));
    }
    return Collections.unmodifiableNavigableSet(listed);
  }

  /** Every topic listed for any tenant that carries requests of a kind, sorted. */
  public NavigableSet<String> listed(Kind kind) {
    NavigableSet<String> listed = new TreeSet<>();
    topicsOfTenant.values().forEach(topics -> listed.addAll(topics.getOrDefault(kind, Set.of())));
    return Collections.unmodifiableNavigableSet(listed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TenantTopics that && topicsOfTenant.equals(that.topicsOfTenant);
  }

  @Override
  public int hashCode() {
    return topicsOfTenant.hashCode();
  }

  @Override
  public String toString() {
    return topicsOfTenant.toString();
  }
}
