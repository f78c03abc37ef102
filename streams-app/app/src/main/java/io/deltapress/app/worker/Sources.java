package io.deltapress.app.worker;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where this worker reads weights: bases below {@code bases.roots}, the fine-tunes of a tenant
 * below {@code sources.<tenant>.roots}. A tenant without roots may have nothing read.
 */
public final class Sources {
  /** Shape of the keys; group 1 is the tenant. */
  public static final Pattern KEY = Pattern.compile("sources\\.(.+)\\.roots");

  /** What the reference page says of the keys. */
  public static final String DOC =
      "Comma-separated directories below which fine-tunes of the tenant are looked up. A location"
          + " outside of them is refused, and so is everything of a tenant without this key.";

  private static final Pattern TENANT =
      Pattern.compile("[a-z0-9](?:(?!.*\\.\\.)[a-z0-9._-]{0,61}[a-z0-9])?");

  private final SourceRoots bases;
  private final Map<String, SourceRoots> tenants;

  Sources(SourceRoots bases, Map<String, SourceRoots> tenants) {
    this.bases = bases;
    this.tenants = Map.copyOf(tenants);
  }

  /**
   * Reads the {@code sources.<tenant>.roots} keys among the properties.
   *
   * @throws ConfigException if a name is not that of a tenant or no directory is listed
   */
  static Sources of(SourceRoots bases, Map<String, ?> properties) {
    Map<String, SourceRoots> tenants = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          Matcher matcher = KEY.matcher(key);
          if (matcher.matches()) {
            tenants.put(tenant(key, matcher.group(1)), SourceRoots.of(key, paths(key, value)));
          }
        });
    return new Sources(bases, tenants);
  }

  /** The roots of bases, shared by all tenants. */
  public SourceRoots bases() {
    return bases;
  }

  /** The roots of one tenant; without any, they refuse every location and name the setting. */
  public SourceRoots ofTenant(String tenant) {
    SourceRoots roots = tenants.get(tenant);
    return roots == null ? SourceRoots.of("sources." + tenant + ".roots", List.of()) : roots;
  }

  private static String tenant(String key, String name) {
    if (!TENANT.matcher(name).matches()) {
      throw new ConfigException(
          "Invalid key %s: %s is not the name of a tenant".formatted(key, name));
    }
    return name;
  }

  private static List<Path> paths(String key, Object value) {
    List<Path> paths =
        Arrays.stream(value.toString().split(",", -1))
            .map(String::strip)
            .filter(path -> !path.isEmpty())
            .map(Path::of)
            .toList();
    if (paths.isEmpty()) {
      throw new ConfigException(key, value, "at least one directory must be listed");
    }
    return paths;
  }
}
