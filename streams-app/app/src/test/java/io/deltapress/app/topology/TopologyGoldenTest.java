package io.deltapress.app.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.metrics.PipelineMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Pins the topology. A change of this file moves state and internal topics of running applications:
 * read it, then write it with {@code mvn -pl streams-app/app test -Dtest=TopologyGoldenTest
 * -Dgolden.write=true} and say in the commit what happens to state that is there.
 */
class TopologyGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/topology/deltapress.txt");
  private static final Pattern NUMBERED = Pattern.compile("\\d{10}");

  private static String describe() {
    return DeltapressTopology.build(
            TopologyConfig.of(Map.of("instance.id", "golden")),
            "deltapress.",
            Pipeline.connection()::serde,
            PipelineMetrics.none())
        .describe()
        .toString();
  }

  @BeforeEach
  void writeGoldenWhenAsked() throws IOException {
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(GOLDEN, describe());
    }
  }

  @Test
  void shouldDescribeItselfAsTheGoldenFileWhenItIsBuilt() throws IOException {
    // Given
    String golden = Files.readString(GOLDEN);

    // When
    String description = describe();

    // Then
    assertThat(description).isEqualTo(golden);
  }

  @Test
  void shouldNameEveryNodeStoreAndInternalTopicWhenItIsBuilt() {
    // When
    String description = describe();

    // Then
    assertThat(description).doesNotContainPattern(NUMBERED);
  }
}
