package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a distribution, with a Java that says how it was called. */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "bin", "deltapress");

  @TempDir private Path directory;

  @BeforeEach
  void unpack() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/env")), "no /usr/bin/env to start bash with");
    Files.createDirectories(directory.resolve("dist/bin"));
    Files.createDirectories(directory.resolve("dist/lib"));
    Files.copy(LAUNCHER, directory.resolve("dist/bin/deltapress"));
    makeExecutable(directory.resolve("dist/bin/deltapress"));
  }

  @Test
  void shouldHandArgumentsOnUnchangedWhenStartedThroughALinkFromElsewhere() throws Exception {
    // Given
    Path javaHome = javaHome("17.0.15");
    Path elsewhere = Files.createDirectories(directory.resolve("else where"));
    Files.createSymbolicLink(elsewhere.resolve("dp"), Path.of("../dist/bin/deltapress"));

    // When
    Ended ended = run(elsewhere, "./dp", Map.of("JAVA_HOME", javaHome.toString()), "a b", "*");

    // Then
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.lines())
        .endsWith("io.deltapress.app.App", "a b", "*")
        .contains(directory.toRealPath().resolve("dist/lib/deltapress-app.jar").toString());
  }

  @Test
  void shouldPutOwnJvmOptionsLastWhenTheyAreSet() throws Exception {
    // Given
    Map<String, String> environment =
        Map.of("JAVA_HOME", javaHome("17.0.15").toString(), "DELTAPRESS_JAVA_OPTS", "-Xmx3g -Da=b");

    // When
    Ended ended = run(directory, "dist/bin/deltapress", environment, "apply");

    // Then
    assertThat(ended.lines()).containsSubsequence("-Xmx512m", "-Xmx3g", "-Da=b", "-cp");
  }

  @Test
  void shouldAllowNativeAccessWhenJavaWouldWarnOfIt() throws Exception {
    // Given
    Map<String, String> environment = Map.of("JAVA_HOME", javaHome("25").toString());

    // When
    Ended ended = run(directory, "dist/bin/deltapress", environment);

    // Then
    assertThat(ended.lines())
        .contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
  }

  @Test
  void shouldRefuseInOneLineWhenJavaIsTooOld() throws Exception {
    // Given
    Path javaHome = javaHome("11.0.2");

    // When
    Ended ended =
        run(directory, "dist/bin/deltapress", Map.of("JAVA_HOME", javaHome.toString()), "apply");

    // Then
    assertThat(ended)
        .isEqualTo(
            new Ended(
                1,
                List.of(
                    "deltapress: %s/bin/java is Java 11.0.2: Java 17 or later is needed; set"
                            .formatted(javaHome)
                        + " JAVA_HOME to one")));
  }

  @Test
  void shouldRefuseInOneLineWhenJavaHomeHoldsNoJava() throws Exception {
    // When
    Ended ended = run(directory, "dist/bin/deltapress", Map.of("JAVA_HOME", "/nowhere"));

    // Then
    assertThat(ended)
        .isEqualTo(
            new Ended(
                1,
                List.of(
                    "deltapress: JAVA_HOME is /nowhere, which has no bin/java: set it to a JDK or"
                        + " JRE, 17 or later, or unset it")));
  }

  private Path javaHome(String version) throws IOException {
    Path home = directory.resolve("java");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nfor argument; do echo \"$argument\"; done\n");
    makeExecutable(java);
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private static void makeExecutable(Path file) {
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Ended run(
      Path workingDirectory, String launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add(0, launcher);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(workingDirectory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("DELTAPRESS_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output.lines().toList());
  }

  private record Ended(int exitCode, List<String> lines) {}
}
