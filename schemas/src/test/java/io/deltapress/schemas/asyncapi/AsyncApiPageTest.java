package io.deltapress.schemas.asyncapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class AsyncApiPageTest {
  private static final Path PAGE = Path.of("asyncapi.yaml");

  @Test
  void shouldBeWhatTheCatalogueSays() throws IOException {
    // Given
    if (Boolean.getBoolean("asyncapi.write")) {
      Files.writeString(PAGE, AsyncApiPage.yaml());
    }

    // When
    String committed = Files.readString(PAGE);

    // Then
    assertThat(committed)
        .withFailMessage(
            "schemas/asyncapi.yaml is stale: run 'mvn -pl schemas test -Dtest=AsyncApiPageTest"
                + " -Dasyncapi.write=true' and commit it.")
        .isEqualTo(AsyncApiPage.yaml());
  }

  @Test
  void shouldResolveEveryReference() {
    // Given
    Map<String, Object> page = new Yaml().load(AsyncApiPage.yaml());

    // When
    var references = AsyncApiPage.yaml().lines().filter(line -> line.contains("$ref")).toList();

    // Then
    assertThat(references)
        .hasSize(32)
        .allSatisfy(line -> assertThat(target(page, line)).as(line).isNotNull());
  }

  private static Object target(Map<String, Object> page, String line) {
    Object node = page;
    for (String step : line.replaceAll(".*'?#/([^']*)'?", "$1").split("/")) {
      node = node instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return node;
  }
}
