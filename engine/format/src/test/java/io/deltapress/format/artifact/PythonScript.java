package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the independent readers where there is a Python with numpy. */
public final class PythonScript {
  private static final Optional<String> PYTHON =
      Stream.of("python3", "/usr/bin/python3").filter(PythonScript::hasNumpy).findFirst();

  private PythonScript() {}

  /** What came of a run: its exit status and all that it printed. */
  public record Outcome(int status, String output) {}

  /** Runs a script that must succeed, or skips the test where none can run. */
  public static void run(String script, Path... arguments) throws Exception {
    Outcome outcome = outcome(script, arguments);
    assertThat(outcome.status()).as(outcome.output()).isZero();
  }

  /** Runs a script, or skips the test where none can run. */
  public static Outcome outcome(String script, Path... arguments) throws Exception {
    assumeTrue(PYTHON.isPresent(), "neither python3 nor /usr/bin/python3 here has numpy");
    List<String> command =
        new ArrayList<>(
            List.of(
                PYTHON.orElseThrow(), "-B", "-W", "error", Path.of("python", script).toString()));
    for (Path argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private static boolean hasNumpy(String candidate) {
    try {
      Process process =
          new ProcessBuilder(candidate, "-c", "import numpy")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
