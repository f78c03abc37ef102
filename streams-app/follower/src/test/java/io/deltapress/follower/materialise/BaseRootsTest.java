package io.deltapress.follower.materialise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseRootsTest {
  @TempDir Path directory;
  private Path base;
  private BaseRoots roots;

  @BeforeEach
  void createBase() throws IOException {
    base = Files.createDirectories(directory.resolve("bases/llama")).toRealPath();
    Files.createDirectories(directory.resolve("secret"));
    Files.createSymbolicLink(directory.resolve("bases/out"), directory.resolve("secret"));
    roots = BaseRoots.of(List.of(directory.resolve("absent"), directory.resolve("bases")));
  }

  @Test
  void shouldFindBaseWhenLocationIsRelative() throws IOException {
    // When
    Path found = roots.resolve("llama", "llama");

    // Then
    assertThat(found).isEqualTo(base);
  }

  @Test
  void shouldFindBaseWhenLocationHasStepsThatLeadNowhere() throws IOException {
    // When
    Path found = roots.resolve("llama", "./llama/.");

    // Then
    assertThat(found).isEqualTo(base);
  }

  @Test
  void shouldFindBaseWhenLocationIsAbsolute() throws IOException {
    // When
    Path found = roots.resolve("llama", base.toString());

    // Then
    assertThat(found).isEqualTo(base);
  }

  @Test
  void shouldFindBaseWhenLocationIsUri() throws IOException {
    // When
    Path found = roots.resolve("llama", base.toUri().toString());

    // Then
    assertThat(found).isEqualTo(base);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "missing",
        "out",
        "../secret",
        "llama/../../secret",
        "/etc",
        "https://example.org/llama",
        "s3://bucket/llama",
        "file://host/llama",
        "file:llama"
      })
  void shouldRefuseLocationWhenItLeadsElsewhere(String location) {
    // When / Then
    assertThatThrownBy(() -> roots.resolve("llama", location))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "Base llama is not at '%s' below bases.roots of this follower; put it there or extend"
                + " bases.roots",
            location);
  }
}
