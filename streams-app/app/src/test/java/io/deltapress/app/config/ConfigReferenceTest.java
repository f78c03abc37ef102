package io.deltapress.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {

  @Test
  void shouldRenderOneRowPerKeyWhenADefinitionIsGiven() {
    // Given
    ConfigDef definition =
        new ConfigDef()
            .define(
                "b.size",
                ConfigDef.Type.INT,
                3,
                ConfigDef.Range.atLeast(1),
                Importance.LOW,
                "Size | of b.")
            .define("a.name", ConfigDef.Type.STRING, Importance.HIGH, "Name of a.");

    // When
    String page = ConfigReference.render("Things", definition);

    // Then
    assertThat(page)
        .isEqualTo(
            """
            ## Things

            | key | type | default | allowed | meaning |
            |---|---|---|---|---|
            | `a.name` | string | required |  | Name of a. |
            | `b.size` | int | `3` | [1,...] | Size \\| of b. |
            """);
  }

  @Test
  void shouldRenderEveryKeyWhenTheTopologyIsAsked() {
    // When
    String page = ConfigReference.render("Topology", TopologyConfig.DEFINITION);

    // Then
    assertThat(page.lines().filter(line -> line.startsWith("| `")))
        .hasSize(TopologyConfig.DEFINITION.names().size());
  }
}
