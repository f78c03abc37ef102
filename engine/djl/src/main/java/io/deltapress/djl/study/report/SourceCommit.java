package io.deltapress.djl.study.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Which sources a directory belongs to, as git says. */
public final class SourceCommit {

  private static final String UNKNOWN = "unknown";
  private static final int SECONDS = 5;

  private SourceCommit() {}

  /**
   * Asks git.
   *
   * @param directory somewhere inside a checkout, or not
   * @return the commit, with {@code -dirty} after it when files differ from it; "unknown" outside a
   *     checkout or without git
   */
  public static String of(Path directory) {
    try {
      Process git =
          new ProcessBuilder(
                  "git",
                  "-C",
                  directory.toString(),
                  "describe",
                  "--always",
                  "--dirty",
                  "--abbrev=40",
                  "--exclude=*")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      git.getOutputStream().close();
      if (!git.waitFor(SECONDS, TimeUnit.SECONDS)) {
        git.destroyForcibly();
        return UNKNOWN;
      }
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.exitValue() == 0 && !said.isEmpty() ? said : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
