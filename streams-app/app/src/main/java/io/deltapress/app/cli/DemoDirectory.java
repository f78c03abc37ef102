package io.deltapress.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo keeps its data.
 *
 * @param path an empty directory
 * @param temporary whether it goes when the demo ends
 */
record DemoDirectory(Path path, boolean temporary) {

  static DemoDirectory of(@Nullable Path chosen) throws IOException {
    if (chosen == null) {
      return new DemoDirectory(Files.createTempDirectory("deltapress-demo-"), true);
    }
    Files.createDirectories(chosen);
    try (Stream<Path> children = Files.list(chosen)) {
      if (children.findAny().isPresent()) {
        throw new UsageException(chosen + " is not empty: choose another --directory");
      }
    }
    return new DemoDirectory(chosen.toRealPath(), false);
  }

  /** Deletes it, unless it is wanted: chosen by a person, or holding the log of a failure. */
  void end(boolean well) throws IOException {
    if (temporary && well) {
      Trees.delete(path);
    }
  }
}
