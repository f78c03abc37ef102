package io.deltapress.app.config;

import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Writes the reference page of a role from the definition that its parser uses. */
public final class ConfigReference {
  private ConfigReference() {}

  /** A Markdown section: one table row per key, sorted by name. */
  public static String render(String title, ConfigDef definition) {
    String rows =
        definition.configKeys().values().stream()
            .sorted(Comparator.comparing((ConfigKey key) -> key.name))
            .map(ConfigReference::row)
            .collect(Collectors.joining());
    return "## %s%n%n| key | type | default | allowed | meaning |%n|---|---|---|---|---|%n%s"
        .replace("%n", "\n")
        .formatted(title, rows);
  }

  private static String row(ConfigKey key) {
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(
            key.name,
            key.type.name().toLowerCase(Locale.ROOT),
            defaultOf(key),
            key.validator == null ? "" : cell(key.validator.toString()),
            cell(key.documentation));
  }

  private static String defaultOf(ConfigKey key) {
    if (!key.hasDefault()) {
      return "required";
    }
    String text = ConfigDef.convertToString(key.defaultValue, key.type);
    return text == null || text.isEmpty() ? "" : "`" + text + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
