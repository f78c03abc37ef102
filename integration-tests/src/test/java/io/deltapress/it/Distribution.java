package io.deltapress.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The packaged product, unpacked once: the tests run what a user installs. */
final class Distribution {
  private final Path home;

  private Distribution(Path home) {
    this.home = home;
  }

  static Distribution unpackInto(Path directory) {
    Path archive = archive();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChildProcess tar =
        ChildProcess.start(
            "unpack",
            directory,
            List.of("tar", "-xzf", archive.toString(), "-C", directory.toString()),
            Map.of());
    if (tar.exitCode() != 0) {
      throw new IllegalStateException("cannot unpack " + archive + ":\n" + tar.output());
    }
    return new Distribution(only(directory, "deltapress-", ""));
  }

  /** Starts {@code deltapress ARGUMENTS…} as a process. */
  ChildProcess start(String name, Path directory, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("deltapress").toString());
    command.addAll(arguments);
    return ChildProcess.start(
        name,
        directory,
        command,
        Map.of(
            "JAVA_HOME", System.getProperty("java.home"),
            "DELTAPRESS_CACHE", directory.resolve("cache").toString()));
  }

  /** Runs {@code deltapress ARGUMENTS…} to its end and returns what it printed; fails otherwise. */
  String run(Path directory, List<String> arguments) {
    ChildProcess process = start(arguments.get(0), directory, arguments);
    int exitCode = process.exitCode();
    if (exitCode != 0) {
      throw new AssertionError(
          "deltapress "
              + String.join(" ", arguments)
              + ": exit "
              + exitCode
              + "\n"
              + process.output());
    }
    return process.output();
  }

  /** Copies a file or directory of the shipped models and returns the copy. */
  Path copyReference(String name, Path target) {
    Path source = home.resolve("reference").resolve(name);
    try (Stream<Path> below = Files.walk(source)) {
      for (Path path : below.toList()) {
        Files.copy(path, target.resolve(source.relativize(path).toString()));
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jars of the product, as one class path. */
  String classPath() {
    return home.resolve("lib") + "/*";
  }

  private static Path archive() {
    Path target = Path.of(System.getProperty("deltapress.distribution.directory"));
    return only(target, "deltapress-", ".tar.gz");
  }

  private static Path only(Path directory, String prefix, String suffix) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .filter(file -> file.getFileName().toString().endsWith(suffix))
          .findFirst()
          .orElseThrow(
              () -> new IllegalStateException("no " + prefix + "*" + suffix + " in " + directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
