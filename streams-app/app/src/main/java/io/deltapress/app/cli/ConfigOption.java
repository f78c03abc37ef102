package io.deltapress.app.cli;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --config}, which roles and clients read where the cluster is from. */
final class ConfigOption {
  static final String ENVIRONMENT_VARIABLE = "DELTAPRESS_CONFIG";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Java properties file. Default: what DELTAPRESS_CONFIG names.")
  private @Nullable Path file;

  /** The settings of the file. */
  Settings load(Shell shell) throws IOException {
    Path path = path(shell);
    if (!Files.isRegularFile(path)) {
      throw BadInputException.of(path, "no such file; --config names a Java properties file");
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path)) {
      properties.load(reader);
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(path, "not a Java properties file: " + e.getMessage());
    }
    Map<String, String> settings = new TreeMap<>();
    properties.stringPropertyNames().forEach(name -> settings.put(name, value(properties, name)));
    return new Settings(path, settings);
  }

  private static String value(Properties properties, String name) {
    return properties.getProperty(name).strip();
  }

  private Path path(Shell shell) {
    if (file != null) {
      return file;
    }
    String named = shell.environment().getOrDefault(ENVIRONMENT_VARIABLE, "");
    if (named.isBlank()) {
      throw new UsageException(
          "--config FILE is needed, or " + ENVIRONMENT_VARIABLE + " naming it");
    }
    return Path.of(named);
  }
}
