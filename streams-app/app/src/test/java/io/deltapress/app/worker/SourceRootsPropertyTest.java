package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a request says, nothing outside the root comes back and no other exception escapes. */
class SourceRootsPropertyTest {
  private static Path host;
  private static Path root;

  @BeforeContainer
  static void layOutHost() throws IOException {
    host = Files.createTempDirectory("source-roots").toRealPath();
    root = Files.createDirectories(host.resolve("root"));
    Path outside = Files.createDirectories(host.resolve("rootless"));
    Files.writeString(outside.resolve("f"), "secret");
    Files.writeString(Files.createDirectories(root.resolve("a/b")).resolve("f"), "weights");
    Files.createSymbolicLink(root.resolve("in"), root.resolve("a"));
    Files.createSymbolicLink(root.resolve("out"), outside);
    Files.createSymbolicLink(root.resolve("a/up"), Path.of("..", ".."));
    Files.createSymbolicLink(root.resolve("a/loop"), root.resolve("a/loop"));
  }

  @AfterContainer
  static void cleanUp() throws IOException {
    try (Stream<Path> all = Files.walk(host)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Property(tries = 2000)
  void shouldStayBelowRootWhateverTheLocation(@ForAll("locations") String location) {
    // Given
    SourceRoots roots = SourceRoots.of("sources.acme.roots", List.of(root));

    // When
    Path resolved;
    try {
      resolved = roots.resolve(location);
    } catch (LocationRefusedException e) {
      // Then
      assertThat(e.getMessage()).startsWith("Location \"").hasSizeLessThan(500);
      return;
    }

    // Then
    assertThat(resolved).isEqualTo(real(resolved)).startsWith(root).exists();
  }

  @Property(tries = 500)
  void shouldSurviveWhateverCharactersTheLocationHas(@ForAll String location) {
    // Given
    SourceRoots roots = SourceRoots.of("sources.acme.roots", List.of(root));

    // When
    Path resolved;
    try {
      resolved = roots.resolve(location);
    } catch (LocationRefusedException e) {
      return;
    }

    // Then
    assertThat(resolved).startsWith(root);
  }

  @Provide
  Arbitrary<String> locations() {
    Arbitrary<String> segment =
        Arbitraries.of(
            "a",
            "b",
            "f",
            "in",
            "out",
            "up",
            "loop",
            ".",
            "..",
            "...",
            "",
            " ",
            "%2e%2e",
            "%2f",
            "%00",
            "\u0000",
            "rootless",
            "root",
            "~",
            "*",
            "\\..\\",
            "..;",
            "é");
    Arbitrary<String> path = segment.list().ofMinSize(0).ofMaxSize(6).map(s -> String.join("/", s));
    Arbitrary<String> start =
        Arbitraries.of(
            "",
            "/",
            "//",
            "file:",
            "file://",
            "file:///",
            "http://x/",
            "s3://",
            root + "/",
            host + "/",
            "file://" + root + "/",
            "file:" + host + "/",
            "FILE:" + root + "/",
            "file://localhost" + root + "/");
    return Combinators.combine(start, path).as(String::concat);
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
