package io.deltapress.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --base}, {@code --delta} and {@code --edit}, for commands that put them together. */
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
      description = "The delta artifact: a file, or a directory of shards.")
  private @Nullable Path delta;

  @Option(
      names = "--edit",
      paramLabel = "PATH",
      description = {
        "An edit artifact to put on base and delta, or a directory of them, taken in the order of"
            + " their names. Several are put on in the order given."
      })
  private List<Path> edits = List.of();

  Path base() {
    return base;
  }

  /** The delta, if there is one. */
  Optional<Path> delta() {
    return Optional.ofNullable(delta);
  }

  /**
   * The delta, for work that is of no use without one.
   *
   * @throws UsageException if there is none
   */
  Path requireDelta() {
    return delta()
        .orElseThrow(() -> new UsageException("say what to apply: --delta, --edit or both"));
  }

  /** Whether there are edits. */
  boolean hasEdits() {
    return !edits.isEmpty();
  }

  /** The edits as they were named, in order. */
  List<Path> edits() {
    return edits;
  }

  /** Everything that is read. */
  Path[] inputs() {
    return Stream.of(Stream.of(base), delta().stream(), edits.stream())
        .flatMap(paths -> paths)
        .toArray(Path[]::new);
  }
}
