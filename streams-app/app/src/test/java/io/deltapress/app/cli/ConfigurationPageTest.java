package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.app.config.ConfigReference;
import io.deltapress.app.config.TenantTopics;
import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.worker.Sources;
import io.deltapress.app.worker.WorkerConfig;
import io.deltapress.follower.FollowerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of all settings is written from the definitions that the roles parse with. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("CONFIGURATION.md");

  @Test
  void shouldDescribeEveryKeyOfEveryRole() throws IOException {
    // Given
    String expected = page();
    if (Boolean.getBoolean("configuration.write")) {
      Files.writeString(PAGE, expected);
    }

    // When
    String committed = Files.exists(PAGE) ? Files.readString(PAGE) : "";

    // Then
    assertThat(committed)
        .as(
            "CONFIGURATION.md is stale: run 'mvn package -pl streams-app/app -am"
                + " -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dconfiguration.write=true'")
        .isEqualTo(expected);
  }

  private static String page() {
    return String.join(
        "\n",
        "# Configuration",
        "",
        "One properties file serves every role. Each role reads its own keys; a key that no role"
            + " knows stops all of them.",
        "",
        "## Everyone",
        "",
        "| key | meaning |",
        "|---|---|",
        "| `bootstrap.servers` | brokers to start from, as host:port, comma-separated; required |",
        "| `schema.registry.url` | base address of a registry with Confluent's interface; required |",
        "| `topic.prefix` | put before every topic name; default `deltapress.` |",
        "| `auto.register.schemas` | whether a process may register the schemas it writes; default"
            + " `false`, since `deltapress setup` does |",
        "| `kafka.KEY` | setting KEY of every Kafka client, such as those of TLS |",
        "| `schema.registry.KEY` | setting KEY of the registry client |",
        "",
        ConfigReference.render("Topology and setup", TopologyConfig.DEFINITION),
        Stream.of(TenantTopics.Kind.values())
            .map(TenantTopics.Kind::doc)
            .collect(Collectors.joining("\n\n")),
        "",
        ConfigReference.render("Worker", WorkerConfig.DEFINITION),
        "`sources.NAME.roots`: " + Sources.DOC,
        "",
        ConfigReference.render("Follower", FollowerConfig.DEFINITION));
  }
}
