package io.deltapress.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real process whose output goes to a file: started, watched, stopped or killed by a test.
 *
 * <p>The process started is the one that is signalled: launchers replace themselves ({@code exec}).
 */
final class ChildProcess implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private final String name;
  private final Path log;
  private final Process process;

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  static ChildProcess start(
      String name, Path directory, List<String> command, Map<String, String> environment) {
    try {
      Files.createDirectories(directory);
      Path log = Files.createTempFile(directory, name + "-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.environment().putAll(environment);
      return new ChildProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  /** Waits until a line with {@code fragment} was printed and returns the line. */
  String awaitLine(String fragment, Duration timeout) {
    await(name + " to print '" + fragment + "'")
        .atMost(timeout)
        .pollInterval(Duration.ofMillis(10))
        .failFast(name + " ended early", () -> assertRunningOrPrinted(fragment))
        .until(() -> line(fragment).isPresent());
    return line(fragment).orElseThrow();
  }

  private void assertRunningOrPrinted(String fragment) {
    if (!process.isAlive() && line(fragment).isEmpty()) {
      throw new AssertionError(name + " ended before it printed '" + fragment + "':\n" + output());
    }
  }

  Optional<String> line(String fragment) {
    return output().lines().filter(line -> line.contains(fragment)).findFirst();
  }

  String output() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL: no handler runs, nothing is flushed. */
  void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** SIGTERM, then the exit code. */
  int stop() {
    process.destroy();
    return exitCode();
  }

  int exitCode() {
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(name + " did not end within " + STOP_TIMEOUT + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " was ending", e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroyForcibly();
      exitCode();
    }
  }
}
