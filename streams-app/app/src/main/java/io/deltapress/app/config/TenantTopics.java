package io.deltapress.app.config;

import io.deltapress.schemas.topic.ModelKey;
import java.util.Arrays;
import java.util.Collections;
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
 * acme.deltas} alone; the topology then reads that topic too. A tenant without such a key may be
 * named on every topic that is read.
 */
public final class TenantTopics {
  /** Shape of the keys; group 1 is the tenant. */
  public static final Pattern KEY = Pattern.compile("tenants\\.(.+)\\.topics");

  /** What the reference page says of the keys. */
  public static final String DOC =
      "Comma-separated full names of the topics whose records may name the tenant. Each is read in"
          + " addition to deltas.submitted. A tenant without this key may be named on any of them.";

  private final Map<String, Set<String>> topicsOfTenant;

  private TenantTopics(Map<String, Set<String>> topicsOfTenant) {
    this.topicsOfTenant = topicsOfTenant;
  }

  /** No restriction: every tenant may be named on every topic. */
  public static TenantTopics unrestricted() {
    return new TenantTopics(Map.of());
  }

  /**
   * Reads the {@code tenants.<name>.topics} keys among the properties.
   *
   * @throws ConfigException if a name is not that of a tenant or no topic is listed
   */
  public static TenantTopics of(Map<String, ?> properties) {
    Map<String, Set<String>> topicsOfTenant = new TreeMap<>();
    properties.forEach(
        (key, value) -> {
          Matcher matcher = KEY.matcher(key);
          if (matcher.matches()) {
            topicsOfTenant.put(tenant(key, matcher.group(1)), topics(key, value));
          }
        });
    return new TenantTopics(Collections.unmodifiableMap(topicsOfTenant));
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
    Set<String> topics = topicsOfTenant.get(tenant);
    return topics == null || topics.contains(topic);
  }

  /** Every topic listed for any tenant, sorted. */
  public NavigableSet<String> listed() {
    NavigableSet<String> listed = new TreeSet<>();
    topicsOfTenant.values().forEach(listed::addAll);
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
