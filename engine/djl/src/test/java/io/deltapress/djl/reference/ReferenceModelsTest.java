package io.deltapress.djl.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceModelsTest {

  @TempDir private Path directory;

  @Test
  void shouldReadTenantsAndTheirDeltas() throws IOException {
    // Given
    Files.writeString(
        directory.resolve("reference.json"),
        """
        {"base": {"name": "world", "directory": "base", "task": "t.jsonl", "weightsDigest": "ab"},
         "tenants": [{"tenant": "desk", "model": "router", "directory": "router",
           "task": "test.jsonl", "validation": "validation.jsonl", "weightsDigest": "cd",
           "deltas": [{"pruneRate": 0.99, "rescale": 0.02}]}]}
        """);

    // When
    ReferenceModels models = ReferenceModels.read(directory);

    // Then
    assertThat(models.base().name()).isEqualTo("world");
    assertThat(models.tenants())
        .singleElement()
        .satisfies(
            tenant ->
                assertThat(tenant.deltas()).containsExactly(new ReferenceModels.Delta(0.99, 0.02)));
  }

  @Test
  void shouldNameTheFileWhenItIsMissing() {
    // When
    assertThatThrownBy(() -> ReferenceModels.read(directory))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            directory.resolve("reference.json")
                + ": no such file; give the directory of the reference models");
  }

  @Test
  void shouldNameTheFileWhenSomethingIsLeftOut() throws IOException {
    // Given
    Files.writeString(directory.resolve("reference.json"), "{\"tenants\": []}");

    // When
    assertThatThrownBy(() -> ReferenceModels.read(directory))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            directory.resolve("reference.json") + ": not a list of reference models: ")
        .hasMessageContaining("base");
  }
}
