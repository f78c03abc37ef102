package io.deltapress.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Apicurio Registry as a process of its own, unpacked by the build. */
final class RegistryProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private final int port;
  private final ChildProcess process;

  private RegistryProcess(int port, ChildProcess process) {
    this.port = port;
    this.process = process;
  }

  static RegistryProcess start(Path directory) {
    int port = FreePort.find();
    ChildProcess process =
        ChildProcess.start(
            "registry",
            directory,
            List.of(Java.executable(), "-Xmx256m", "-jar", runnerJar().toString()),
            Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", Integer.toString(port)));
    RegistryProcess registry = new RegistryProcess(port, process);
    await("the schema registry to answer")
        .atMost(START_TIMEOUT)
        .pollInterval(Duration.ofMillis(100))
        .failFast("the schema registry ended", () -> assertRunning(process))
        .until(() -> answers(port));
    return registry;
  }

  private static void assertRunning(ChildProcess process) {
    if (!process.isAlive()) {
      throw new AssertionError("the schema registry ended:\n" + process.output());
    }
  }

  String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  private static boolean answers(int port) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready")).build();
    try {
      return HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static Path runnerJar() {
    Path directory = Path.of(System.getProperty("deltapress.registry.directory"));
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no registry unpacked in " + directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
