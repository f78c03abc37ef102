package io.deltapress.follower.materialise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {
  @TempDir Path root;
  private ModelDirectory directory;

  @BeforeEach
  void open() {
    directory = new ModelDirectory(root);
  }

  @Test
  void shouldHaveNothingWhenNew() throws IOException {
    // When
    OptionalInt served = directory.served();

    // Then
    assertThat(served).isEmpty();
    assertThat(directory.finished(1)).isEmpty();
  }

  @Test
  void shouldSwitchLinkWhenAnotherVersionIsServed() throws IOException {
    // Given
    build(1);
    build(2);
    directory.serve(1);

    // When
    directory.serve(2);

    // Then
    assertThat(directory.served()).hasValue(2);
    assertThat(Files.readSymbolicLink(directory.current())).isEqualTo(Path.of("versions/000002"));
    assertThat(names(root)).containsExactly("current", "versions");
  }

  @Test
  void shouldCountVersionAsUnfinishedWhenFileIsTooShort() throws IOException {
    // Given
    build(1);

    // When
    Files.writeString(directory.version(1).resolve("weights"), "sho");

    // Then
    assertThat(directory.finished(1)).isEmpty();
  }

  @Test
  void shouldCountVersionAsUnfinishedWhenDescriptionIsDamaged() throws IOException {
    // Given
    build(1);

    // When
    Files.writeString(directory.version(1).resolve(VersionFile.NAME), "{");

    // Then
    assertThat(directory.finished(1)).isEmpty();
  }

  @Test
  void shouldReplaceVersionWhenBuiltAgain() throws IOException {
    // Given
    build(1);
    directory.serve(1);
    Files.delete(directory.version(1).resolve("weights"));

    // When
    build(1);

    // Then
    assertThat(directory.finished(1)).isPresent();
    assertThat(directory.served()).hasValue(1);
    assertThat(names(root.resolve("versions"))).containsExactly("000001");
  }

  @Test
  void shouldRemoveLeftoversWhenRecovered() throws IOException {
    // Given
    build(1);
    directory.serve(1);
    Files.createDirectories(directory.begin(2).resolve("checkpoint/deep"));
    Files.createSymbolicLink(root.resolve("current.tmp"), Path.of("versions/000002"));
    Files.createDirectories(root.resolve("shards"));
    Files.writeString(root.resolve("shards/abc.700000.part"), "half");
    Files.writeString(root.resolve("shards/abc.safetensors"), "whole");

    // When
    directory.recover();

    // Then
    assertThat(names(root)).containsExactly("current", "shards", "versions");
    assertThat(names(root.resolve("versions"))).containsExactly("000001");
    assertThat(names(root.resolve("shards"))).containsExactly("abc.safetensors");
  }

  @Test
  void shouldKeepLatestOthersWhenPruned() throws IOException {
    // Given
    for (int version = 1; version <= 5; version++) {
      build(version);
    }
    Files.createDirectories(root.resolve("shards"));
    for (int version = 1; version <= 5; version++) {
      Files.writeString(root.resolve("shards/shard-%d.safetensors".formatted(version)), "bytes");
    }

    // When
    directory.prune(2, 2);

    // Then
    assertThat(names(root.resolve("versions"))).containsExactly("000002", "000004", "000005");
    assertThat(names(root.resolve("shards")))
        .containsExactly("shard-2.safetensors", "shard-4.safetensors", "shard-5.safetensors");
  }

  @Test
  void shouldNotFollowLinksWhenVersionIsDeleted(@TempDir Path base) throws IOException {
    // Given
    Files.writeString(base.resolve("model.safetensors"), "base");
    build(1);
    Files.createSymbolicLink(directory.version(1).resolve("checkpoint"), base);
    build(2);

    // When
    directory.prune(2, 0);

    // Then
    assertThat(names(root.resolve("versions"))).containsExactly("000002");
    assertThat(base.resolve("model.safetensors")).hasContent("base");
  }

  @Test
  void shouldKeepNoVersionWithAnEditThatTheServedOneHasNot() throws IOException {
    // Given
    build(1);
    build(2, "a");
    build(3, "a", "b");
    build(4, "a", "c");
    Files.createDirectories(root.resolve("shards"));
    for (String edit : List.of("a", "b", "c")) {
      Files.writeString(root.resolve("shards/edit-%s.safetensors".formatted(edit)), "bytes");
    }

    // When
    directory.prune(3, 5);

    // Then
    assertThat(names(root.resolve("versions"))).containsExactly("000001", "000002", "000003");
    assertThat(names(root.resolve("shards")))
        .containsExactly("edit-a.safetensors", "edit-b.safetensors");
  }

  private void build(int version, String... edits) throws IOException {
    Path building = directory.begin(version);
    Files.writeString(building.resolve("weights"), "seven b");
    new VersionFile(
            "acme",
            "router",
            version,
            "base",
            "artifact",
            "foundation",
            "result",
            List.of("shard-" + version),
            Arrays.stream(edits).map(id -> new VersionFile.Edit(id, "edit-" + id)).toList(),
            null,
            Map.of("weights", 7L))
        .write(building);
    directory.finish(version);
  }

  private static List<String> names(Path path) throws IOException {
    try (Stream<Path> children = Files.list(path)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }
}
