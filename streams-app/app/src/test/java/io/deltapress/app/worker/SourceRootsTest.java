package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceRootsTest {
  private static final String SETTING = "sources.acme.roots";

  @TempDir Path host;
  Path root;
  Path model;
  SourceRoots roots;

  @BeforeEach
  void layOutHost() throws IOException {
    root = Files.createDirectories(host.toRealPath().resolve("acme"));
    model = Files.createDirectories(root.resolve("router/v1"));
    Files.writeString(model.resolve("model.safetensors"), "weights");
    Files.createDirectories(root.resolveSibling("acme-secrets"));
    Files.writeString(root.resolveSibling("acme-secrets").resolve("model.safetensors"), "secret");
    roots = SourceRoots.of(SETTING, List.of(root));
  }

  @ParameterizedTest
  @ValueSource(strings = {"router/v1", "router/v1/", "./router/v1", "router//v1", "router/./v1/."})
  void shouldResolveBelowRootWhenPathIsRelative(String location) throws LocationRefusedException {
    // Given roots with router/v1

    // When
    Path resolved = roots.resolve(location);

    // Then
    assertThat(resolved).isEqualTo(model);
  }

  @Test
  void shouldResolveFileWhenPathIsAbsolute() throws LocationRefusedException {
    // Given
    Path file = model.resolve("model.safetensors");

    // When
    Path resolved = roots.resolve(file.toString());

    // Then
    assertThat(resolved).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:%s", "file://%s", "FILE:%s"})
  void shouldResolveDirectoryWhenLocationIsFileUri(String uri) throws LocationRefusedException {
    // Given
    String location = uri.formatted(model);

    // When
    Path resolved = roots.resolve(location);

    // Then
    assertThat(resolved).isEqualTo(model);
  }

  @Test
  void shouldDecodeUriWhenItIsEscaped() throws IOException, LocationRefusedException {
    // Given
    Path spaced = Files.createDirectories(root.resolve("two words"));

    // When
    Path resolved = roots.resolve(spaced.toUri().toString());

    // Then
    assertThat(resolved).isEqualTo(spaced);
  }

  @Test
  void shouldLookInSecondRootWhenFirstHasNoSuchName() throws IOException, LocationRefusedException {
    // Given
    Path second = Files.createDirectories(host.toRealPath().resolve("second"));
    Path found = Files.createDirectories(second.resolve("only-here"));
    SourceRoots both = SourceRoots.of(SETTING, List.of(root, second));

    // When
    Path resolved = both.resolve("only-here");

    // Then
    assertThat(resolved).isEqualTo(found);
  }

  @Test
  void shouldResolveThroughRootWhenRootItselfIsLink() throws IOException, LocationRefusedException {
    // Given
    Path link = Files.createSymbolicLink(host.toRealPath().resolve("mount"), root);
    SourceRoots linked = SourceRoots.of(SETTING, List.of(link));

    // When
    Path resolved = linked.resolve(link.resolve("router/v1").toString());

    // Then
    assertThat(resolved).isEqualTo(model);
  }

  @Test
  void shouldFollowLinkWhenItStaysBelowRoot() throws IOException, LocationRefusedException {
    // Given
    Files.createSymbolicLink(root.resolve("latest"), model);

    // When
    Path resolved = roots.resolve("latest");

    // Then
    assertThat(resolved).isEqualTo(model);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../acme-secrets                 | it contains ..",
        "router/../../acme-secrets       | it contains ..",
        "router/..                       | it contains ..",
        "file:///acme/%2e%2e/etc         | it contains ..",
        "http://169.254.169.254/latest   | only paths and file: URIs are opened, no other scheme",
        "s3://bucket/model               | only paths and file: URIs are opened, no other scheme",
        "jar:file:/x.jar!/y              | only paths and file: URIs are opened, no other scheme",
        "file://host/acme                | a file: URI must look like file:///directory/name",
        "file:///acme?x                  | a file: URI must look like file:///directory/name",
        "file:relative                   | a file: URI must look like file:///directory/name",
        "file:///a b                     | it is no valid URI",
        "file:///a%00b                   | it contains a control character",
        "'  '                            | it must have 1 to 4096 characters"
      })
  void shouldNameRuleWhenTextIsRefused(String location, String rule) {
    // Given a location out of a request

    // When / Then
    assertThatThrownBy(() -> roots.resolve(location))
        .isInstanceOf(LocationRefusedException.class)
        .hasMessage("Location \"%s\" is refused: %s", location, rule);
  }

  @Test
  void shouldSayTheSameWhenPathIsMissingOrOutside() throws IOException {
    // Given
    Files.createSymbolicLink(root.resolve("out"), root.resolveSibling("acme-secrets"));
    List<String> locations =
        List.of(
            "no-such-model",
            "out",
            "out/model.safetensors",
            root.resolveSibling("acme-secrets").toString(),
            root.resolveSibling("acme-nothing").toString(),
            root + "-secrets/model.safetensors",
            "/etc/passwd");

    for (String location : locations) {
      // When / Then
      assertThatThrownBy(() -> roots.resolve(location))
          .hasMessage(
              "Location \"%s\" is refused: it names no file or directory below"
                  + " sources.acme.roots of this worker; correct it or extend that setting",
              location);
    }
  }

  @Test
  void shouldRefuseDirectoryWhenEntryLinksOutOfRoot() throws IOException {
    // Given
    Files.createSymbolicLink(
        model.resolve("model-2.safetensors"),
        root.resolveSibling("acme-secrets").resolve("model.safetensors"));

    // When / Then
    assertThatThrownBy(() -> roots.resolve("router/v1"))
        .hasMessage(
            "Location \"router/v1\" is refused: its entry model-2.safetensors leads out of the"
                + " directories of sources.acme.roots or is no file");
  }

  @Test
  void shouldRefuseOpenedFilesWhenOneLiesOutside() throws LocationRefusedException {
    // Given
    Path outside = root.resolveSibling("acme-secrets").resolve("model.safetensors");
    Path inside = model.resolve("model.safetensors");

    // When / Then
    assertThatCode(() -> roots.requireInside("router/v1", List.of(inside)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> roots.requireInside("router/v1", List.of(inside, outside)))
        .isInstanceOf(LocationRefusedException.class);
  }

  @Test
  void shouldRefuseEverythingWhenTenantHasNoRoots() {
    // Given
    Sources sources = new Sources(roots, Map.of("acme", roots));

    // When
    SourceRoots others = sources.ofTenant("globex");

    // Then
    assertThatThrownBy(() -> others.resolve("router/v1"))
        .hasMessage(
            "Location \"router/v1\" is refused: it names no file or directory below"
                + " sources.globex.roots of this worker; correct it or extend that setting");
  }

  @Test
  void shouldKeepMessageOnOneShortLineWhenLocationIsHostile() {
    // Given
    String location = "x\n\u202e\u2028" + "y".repeat(3000);

    // When / Then
    assertThatThrownBy(() -> roots.resolve(location))
        .message()
        .hasSizeLessThan(300)
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}]");
  }
}
