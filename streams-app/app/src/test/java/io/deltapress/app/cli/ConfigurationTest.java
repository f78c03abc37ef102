package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"setup", "topology", "worker", "follow", "status"})
  void shouldAskForAConfigurationWhenNoneIsNamed(String command) {
    // When
    CommandRun run = CommandRun.of(command);

    // Then
    assertThat(run).isEqualTo(ended(2, "--config FILE is needed, or DELTAPRESS_CONFIG naming it"));
  }

  @Test
  void shouldNameTheFileWhenItIsMissing() {
    // Given
    Path missing = directory.resolve("missing.properties");

    // When
    CommandRun run = CommandRun.of("worker", "--config", missing.toString());

    // Then
    assertThat(run)
        .isEqualTo(ended(3, missing + ": no such file; --config names a Java properties file"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"setup", "topology", "worker", "follow"})
  void shouldNameTheClosestKeyWhenOneIsUnknownToEveryRole(String command) throws IOException {
    // Given
    Path config =
        Files.writeString(directory.resolve("my.properties"), "worker.directry=/tmp/scratch\n");

    // When
    CommandRun run = CommandRun.of(command, "--config", config.toString());

    // Then
    assertThat(run)
        .isEqualTo(
            ended(3, config + ": Unknown key worker.directry: did you mean worker.directory?"));
  }

  @Test
  void shouldNameTheSettingWhenItIsMissing() throws IOException {
    // Given
    Path config = Files.writeString(directory.resolve("my.properties"), "partitions=3\n");

    // When
    CommandRun run = CommandRun.of("status", "--config", config.toString());

    // Then
    assertThat(run)
        .isEqualTo(
            ended(
                3,
                config
                    + ": The setting bootstrap.servers is missing: set it, for example to"
                    + " host:9092."));
  }

  @Test
  void shouldKnowEveryKeyOfTheSampleWhenItIsUncommented() throws IOException {
    // Given
    String sample = Files.readString(Path.of("src/main/config/deltapress.properties"));
    Path config =
        Files.writeString(
            directory.resolve("all.properties"),
            sample.replaceAll("(?m)^#(?=[a-z.]+[A-Za-z.]*=)", ""));

    Settings settings = Settings.read(config);

    // When
    RoleKeys.check(settings);

    // Then
    assertThat(settings.values()).containsKeys("follower.keep.versions", "kafka.security.protocol");
  }

  private static CommandRun ended(int exitCode, String line) {
    return new CommandRun(exitCode, "", "deltapress: " + line + System.lineSeparator());
  }
}
