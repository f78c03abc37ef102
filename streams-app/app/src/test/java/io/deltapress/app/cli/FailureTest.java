package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new UsageException("say more"), 2, "say more"),
        arguments(new BadInputException("f: broken"), 3, "f: broken"),
        arguments(new IntegrityException("f: differs"), 4, "f: differs"),
        arguments(new CommandFailedException("no broker"), 1, "no broker"),
        arguments(new NoSuchFileException("a/b"), 3, "a/b: no such file or directory"),
        arguments(new NotDirectoryException("a/b"), 3, "a/b: not a directory"),
        arguments(new AccessDeniedException("a/b"), 3, "a/b: permission denied"),
        arguments(
            new FileSystemException("a/b", null, "No space left on device"),
            1,
            "a/b: No space left on device"),
        arguments(
            new IOException("port 1 is in use: choose another"),
            1,
            "port 1 is in use: choose another"),
        arguments(
            new EOFException("broken\n  pipe"),
            1,
            "EOFException: broken; pipe (--verbose shows where)"),
        arguments(new IllegalStateException(), 1, "IllegalStateException (--verbose shows where)"),
        arguments(
            new OutOfMemoryError("Java heap space"),
            1,
            "out of memory (Java heap space): give the JVM more, for example"
                + " DELTAPRESS_JAVA_OPTS=-Xmx2g"),
        arguments(
            new StoppedException(143),
            143,
            "stopped before the end; nothing was left half-written"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldGiveExitCodeAndOneLineWhenACommandThrew(
      Throwable thrown, int exitNumber, String line) {
    // When
    Failure failure = Failure.of(thrown);

    // Then
    assertThat(failure).isEqualTo(new Failure(exitNumber, line));
  }
}
