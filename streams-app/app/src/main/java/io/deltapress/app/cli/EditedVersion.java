package io.deltapress.app.cli;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.Foundation;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A base, perhaps a delta, and edits on them, open as long as a command looks at them. */
final class EditedVersion implements AutoCloseable {
  /** What names of artifacts end with. */
  static final String SUFFIX = ".safetensors";

  private final Checkpoint base;
  private final @Nullable DeltaArtifact delta;
  private final List<EditArtifact> edits;
  private final Foundation foundation;

  private EditedVersion(
      Checkpoint base,
      @Nullable DeltaArtifact delta,
      List<EditArtifact> edits,
      Foundation foundation) {
    this.base = base;
    this.delta = delta;
    this.edits = List.copyOf(edits);
    this.foundation = foundation;
  }

  /** Opens what the flags name. */
  static EditedVersion open(Weights weights, ParentFlags flags) throws IOException {
    return open(weights, flags.base(), flags.delta().orElse(null), flags.edits());
  }

  /**
   * Opens a version.
   *
   * @param deltaPath the delta on the base, if there is one
   * @param editPaths files, or directories whose files are taken in the order of their names
   * @throws BadInputException if anything is not what it should be
   */
  static EditedVersion open(
      Weights weights, Path basePath, @Nullable Path deltaPath, List<Path> editPaths)
      throws IOException {
    List<Closeable> opened = new ArrayList<>();
    boolean done = false;
    try {
      Checkpoint base = Checkpoints.open(basePath);
      opened.add(base);
      DeltaArtifact delta = null;
      if (deltaPath != null) {
        delta = DeltaArtifact.open(deltaPath);
        opened.add(delta);
      }
      List<EditArtifact> edits = new ArrayList<>();
      for (Path edit : files(editPaths)) {
        EditArtifact artifact = EditArtifact.open(edit);
        opened.add(artifact);
        edits.add(artifact);
      }
      weights.digest("base", base);
      Foundation foundation =
          delta == null
              ? Foundation.of(base, weights.cache(), ProgressListener.none())
              : Foundation.of(base, delta, weights.cache());
      done = true;
      return new EditedVersion(base, delta, edits, foundation);
    } finally {
      if (!done) {
        closeAll(opened);
      }
    }
  }

  private static List<Path> files(List<Path> paths) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        files.add(path);
        continue;
      }
      try (Stream<Path> children = Files.list(path)) {
        List<Path> inside =
            children.filter(child -> child.toString().endsWith(SUFFIX)).sorted().toList();
        if (inside.isEmpty()) {
          throw BadInputException.of(path, "holds no edit artifact; name the file itself");
        }
        files.addAll(inside);
      }
    }
    return files;
  }

  private static void closeAll(List<Closeable> opened) throws IOException {
    for (Closeable one : opened) {
      one.close();
    }
  }

  Checkpoint base() {
    return base;
  }

  Foundation foundation() {
    return foundation;
  }

  List<EditArtifact> edits() {
    return edits;
  }

  List<String> editIds() {
    return edits.stream().map(EditArtifact::editId).toList();
  }

  /** Bytes of the foundation. */
  long bytes() {
    return Weights.bytes(foundation.checkpoint());
  }

  @Override
  public void close() throws IOException {
    edits.forEach(EditArtifact::close);
    if (delta != null) {
      delta.close();
    }
    base.close();
  }
}
