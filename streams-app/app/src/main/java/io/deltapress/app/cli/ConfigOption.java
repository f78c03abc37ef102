package io.deltapress.app.cli;

import java.io.IOException;
import java.nio.file.Path;
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
    return Settings.read(path(shell));
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
