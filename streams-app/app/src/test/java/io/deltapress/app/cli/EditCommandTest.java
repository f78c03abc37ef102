package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FLAT =
      """
      {"id": "one", "prompt": "a b", "target_new": "c", "rephrase_prompt": "b a"}
      """;
  private static final String TEMPLATE =
      """
      {"id": "two", "prompt": "{} e", "subject": "d", "target_new": {"str": "f"}}
      """;

  @TempDir private Path directory;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    model = TinyModels.write(directory).base();
  }

  @Test
  void shouldWriteAnArtifactThatDoesWhatWasMeasured() throws IOException {
    // Given
    Path edit = path("edit.safetensors");
    Path edited = path("edited");

    // When
    CommandRun run = edit(FLAT, "--out", edit, "--json");

    // Then
    JsonNode one = json(run).path("edits").path(0);
    assertThat(one.path("id").textValue()).isEqualTo("one");
    assertThat(one.path("artifactBytes").longValue()).isEqualTo(Files.size(edit));
    assertThat(one.path("before").has("rephraseAccuracy")).isTrue();
    assertThat(one.path("before").has("portability")).isFalse();
    run("apply", "--base", model, "--edit", edit, "--out", edited);
    JsonNode again =
        json(
            run(
                "edit",
                "--model",
                edited,
                "--editor",
                "ultraedit",
                "--request",
                request(FLAT),
                "--dry-run",
                "--json"));
    assertThat(again.path("edits").path(0).path("before")).isEqualTo(one.path("after"));
    JsonNode inspected = json(run("inspect", edit, "--json"));
    assertThat(inspected.path("artifactDigest")).isEqualTo(one.path("artifactDigest"));
    assertThat(inspected.path("method").textValue()).isEqualTo("ultraedit");
    assertThat(inspected.path("parentDigest")).isEqualTo(json(run).path("foundationDigest"));
  }

  @Test
  void shouldWriteOneArtifactPerRequestInBothDialects() throws IOException {
    // Given
    Path edits = path("edits");

    // When
    CommandRun run = edit(FLAT + TEMPLATE, "--batch-size", "1", "--out", edits);

    // Then
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("edit +rewrite +rephrase").containsPattern("two +0");
    try (Stream<Path> files = Files.list(edits)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactly("000001-one.safetensors", "000002-two.safetensors");
    }
    assertThat(run("verify", "--base", model, "--edit", edits).exitCode()).isZero();
  }

  @Test
  void shouldGoOnBehindEditsThatAreOnTheModel() throws IOException {
    // Given
    Path first = path("first.safetensors");
    Path second = path("second.safetensors");
    edit(FLAT, "--out", first);

    // When
    CommandRun run = edit(TEMPLATE, "--edit", first, "--out", second, "--json");

    // Then
    assertThat(json(run).path("liveEdits").toString()).isEqualTo("[\"one\"]");
    assertThat(run("verify", "--base", model, "--edit", first, "--edit", second).exitCode())
        .isZero();
    assertThat(edit(FLAT, "--edit", first, "--dry-run").err())
        .contains("edit 'one' is on the model already; give the request another id");
  }

  @Test
  void shouldMeasureOnlyWhenDry() throws IOException {
    // Given
    List<String> before = names();

    // When
    CommandRun run = edit(FLAT, "--dry-run");

    // Then
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).doesNotContain("written");
    assertThat(names()).containsAll(before).doesNotContain("edit.safetensors");
  }

  @Test
  void shouldRefuseAFileForSeveralEdits() throws IOException {
    // When
    CommandRun run = edit(FLAT + TEMPLATE, "--out", path("edit.safetensors"));

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "--out %s names a file, but there are 2 requests: name a directory"
                .formatted(path("edit.safetensors")));
  }

  @Test
  void shouldRefuseAnEditorThatThereIsNot() throws IOException {
    // When
    CommandRun run =
        run("edit", "--model", model, "--editor", "rome", "--request", request(FLAT), "--dry-run");

    // Then
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).startsWith("deltapress: rome: no editor; give ").hasLineCount(1);
  }

  @Test
  void shouldRefuseARequestWhoseIdCannotNameAnArtifact() throws IOException {
    // When
    CommandRun run = edit(FLAT.replace("\"one\"", "\"../one\""), "--out", path("edits"));

    // Then
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains(
            "request id '../one' cannot name an artifact: 1 to 128 of A-Z a-z 0-9 . _ : - are"
                + " allowed");
    assertThat(path("edits")).doesNotExist();
  }

  private CommandRun edit(String requests, Object... flags) throws IOException {
    Object[] all =
        Stream.concat(
                Stream.of(
                    "edit",
                    "--model",
                    model,
                    "--editor",
                    "ultraedit",
                    "--request",
                    request(requests)),
                Arrays.stream(flags))
            .toArray();
    return run(all);
  }

  private Path request(String text) throws IOException {
    return Files.writeString(path("requests.jsonl"), text);
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private CommandRun run(Object... arguments) {
    return CommandRun.of(
        Map.of("DELTAPRESS_CACHE", path("cache").toString()),
        new Stop(),
        Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }
}
