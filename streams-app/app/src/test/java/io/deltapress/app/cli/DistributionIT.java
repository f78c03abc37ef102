package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as people start it. */
class DistributionIT {
  private static final Path LAUNCHER = Path.of("target/distribution/bin/deltapress");
  private static final long LARGE_BYTES = 600_000_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @BeforeEach
  void findDistribution() {
    assumeTrue(
        Files.isExecutable(LAUNCHER),
        "no target/distribution: it is made by a build without quick");
  }

  @Test
  void shouldStartInUnderASecondOfItsOwnWhenAskedForTheVersion() throws Exception {
    // Given
    start("--version").waitFor();
    long started = System.nanoTime();

    // When
    Process process = start("--version");
    int exitCode = process.waitFor();

    // Then
    assertThat(exitCode).isZero();
    assertThat(text("out")).startsWith("deltapress ").doesNotContain("not packaged");
    // Generous: other work may keep the cores busy.
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void shouldWorkInABoundedHeapWhenCheckpointsAreLarger() throws Exception {
    // Given
    Path base = LargeWeights.write(directory.resolve("base.safetensors"), LARGE_BYTES, 1);
    Path tuned = LargeWeights.write(directory.resolve("tuned.safetensors"), LARGE_BYTES, 2);
    Path delta = directory.resolve("delta.safetensors");
    Path result = directory.resolve("result.safetensors");

    // When
    int compressed =
        start("compress", "--base", base, "--fine-tuned", tuned, "--out", delta).waitFor();
    int applied = start("apply", "--base", base, "--delta", delta, "--out", result).waitFor();

    // Then
    assertThat(List.of(compressed, applied)).as(text("err")).containsExactly(0, 0);
    assertThat((double) LARGE_BYTES / Files.size(delta)).isCloseTo(100, within(3.0));
    assertThat(Files.size(result)).isGreaterThanOrEqualTo(LARGE_BYTES);
  }

  @Test
  void shouldLeaveNothingBehindWhenTerminatedInTheMiddle() throws Exception {
    // Given
    Path base = LargeWeights.write(directory.resolve("base.safetensors"), LARGE_BYTES, 1);
    Path tuned = LargeWeights.write(directory.resolve("tuned.safetensors"), LARGE_BYTES, 2);
    Path delta = directory.resolve("delta.safetensors");
    Path out = Files.createDirectory(directory.resolve("out"));
    start("compress", "--base", base, "--fine-tuned", tuned, "--out", delta).waitFor();
    Process process = start("apply", "--base", base, "--delta", delta, "--out", out.resolve("r"));
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !isEmpty(out) || !process.isAlive());

    // When
    process.toHandle().destroy();
    int exitCode = process.waitFor();

    // Then
    assertThat(exitCode).as(text("err")).isEqualTo(143);
    assertThat(isEmpty(out)).isTrue();
    assertThat(text("err"))
        .isEqualTo("deltapress: stopped before the end; nothing was left half-written\n");
  }

  @Test
  void shouldServeWhatTheFineTunesKnowWhenTheDemoRuns() throws Exception {
    // When
    int exitCode = start("demo", "--exit", "--json").waitFor();

    // Then
    assertThat(exitCode).as(text("err")).isZero();
    JsonNode result = JSON.readTree(text("out"));
    Map<String, JsonNode> models = new HashMap<>();
    result.path("models").forEach(row -> models.put(row.path("model").textValue(), row));
    assertThat(models).hasSize(13);
    assertThat(models.get("personnel/facts-small").path("pruneRate").doubleValue())
        .as("a policy does not let pass what random drop ruins at .99")
        .isLessThan(0.99);
    assertThat(models.get("personnel/facts-small").path("servedScore").doubleValue())
        .isGreaterThan(0.95);
    assertThat(models.get("helpdesk/router-dare-p90").path("servedScore").doubleValue())
        .isGreaterThan(0.95);
    assertThat(models.get("helpdesk/router-dare-p99").path("servedScore").doubleValue())
        .isLessThan(0.5);
    assertThat(models.get("helpdesk/router-darex-q-p99").path("servedScore").doubleValue())
        .isGreaterThan(0.9);
    assertThat(models.values())
        .allSatisfy(row -> assertThat(row.path("fineTunedScore").doubleValue()).isGreaterThan(0.95))
        .allSatisfy(row -> assertThat(row.path("ratio").doubleValue()).isGreaterThan(10));
  }

  /** Starts the launcher; the streams go to files, so that no pipe fills up. */
  private Process start(Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toAbsolutePath().toString()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out.txt").toFile())
            .redirectError(directory.resolve("err.txt").toFile());
    builder.environment().put("DELTAPRESS_CACHE", directory.resolve("cache").toString());
    if (!List.of(arguments).contains("demo")) {
      builder.environment().put("DELTAPRESS_JAVA_OPTS", "-Xmx256m");
    }
    return builder.start();
  }

  private String text(String stream) throws IOException {
    return Files.readString(directory.resolve(stream + ".txt"));
  }

  private static boolean isEmpty(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
