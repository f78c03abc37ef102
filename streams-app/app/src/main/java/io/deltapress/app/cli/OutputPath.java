package io.deltapress.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --out}, with the promise that what is there already is not lost by accident. */
final class OutputPath {
  @Option(
      names = "--out",
      paramLabel = "PATH",
      required = true,
      description =
          "Where to write: one file if it ends in .safetensors, otherwise a directory. Appears only"
              + " when it is complete.")
  private Path path;

  @Option(names = "--overwrite", description = "Replace what is at --out.")
  private boolean overwrite;

  /** The path, free to be written: fails if something is there and may not be replaced. */
  Path free() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !overwrite) {
      throw new UsageException(
          path + " exists already: choose another --out, or replace it with --overwrite");
    }
    return path;
  }
}
