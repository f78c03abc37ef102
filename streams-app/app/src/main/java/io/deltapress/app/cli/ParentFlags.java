package io.deltapress.app.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --base} and {@code --delta}, for commands that put the two together. */
final class ParentFlags {
  @Option(
      names = "--base",
      paramLabel = "PATH",
      required = true,
      description =
          "What the artifact is applied to: a safetensors file or a Hugging Face directory.")
  private Path base;

  @Option(
      names = "--delta",
      paramLabel = "PATH",
      required = true,
      description = "The artifact: a file, or a directory of shards.")
  private Path delta;

  Path base() {
    return base;
  }

  Path delta() {
    return delta;
  }
}
