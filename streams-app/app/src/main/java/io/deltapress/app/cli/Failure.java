package io.deltapress.app.cli;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;

/**
 * What a command that threw ends with: the one place where exceptions become exit codes and lines.
 *
 * @param exitNumber of the process
 * @param line what, where, what to do
 */
record Failure(int exitNumber, String line) {
  private static final String OURS = "io.deltapress.";

  /** The failure that an exception stands for. */
  static Failure of(Throwable thrown) {
    if (thrown instanceof StoppedException stopped) {
      return new Failure(stopped.exitNumber(), stopped.getMessage());
    }
    return new Failure(exitCode(thrown).number(), oneLine(message(thrown)));
  }

  private static ExitCode exitCode(Throwable thrown) {
    if (thrown instanceof UsageException || thrown instanceof CommandLine.ParameterException) {
      return ExitCode.USAGE;
    }
    if (thrown instanceof IntegrityException) {
      return ExitCode.INTEGRITY;
    }
    if (thrown instanceof BadInputException
        || thrown instanceof NoSuchFileException
        || thrown instanceof NotDirectoryException
        || thrown instanceof AccessDeniedException) {
      return ExitCode.BAD_INPUT;
    }
    return ExitCode.FAILED;
  }

  private static String message(Throwable thrown) {
    if (thrown instanceof FileSystemException failure) {
      return fileSystemMessage(failure);
    }
    if (thrown instanceof OutOfMemoryError) {
      return "out of memory ("
          + thrown.getMessage()
          + "): give the JVM more, for example DELTAPRESS_JAVA_OPTS=-Xmx2g";
    }
    String message = thrown.getMessage();
    if (isOurs(thrown) && message != null) {
      return message;
    }
    return thrown.getClass().getSimpleName()
        + (message == null ? "" : ": " + message)
        + " (--verbose shows where)";
  }

  /** Exceptions of our own have final messages, and so have those of Java that we throw. */
  private static boolean isOurs(Throwable thrown) {
    return thrown instanceof CommandLine.ParameterException
        || thrown.getClass().getName().startsWith(OURS)
        || (thrown.getClass() == IOException.class && isThrownByUs(thrown));
  }

  private static boolean isThrownByUs(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith(OURS);
  }

  private static String fileSystemMessage(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return failure.getFile() + ": no such file or directory";
    }
    if (failure instanceof NotDirectoryException) {
      return failure.getFile() + ": not a directory";
    }
    if (failure instanceof AccessDeniedException) {
      return failure.getFile() + ": permission denied";
    }
    String reason = failure.getReason();
    return failure.getFile()
        + ": "
        + (reason == null ? failure.getClass().getSimpleName() : reason);
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
