package io.deltapress.follower.materialise;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the files of a version are called in its directory. {@code checkpoint} is always all of the
 * version: where edits lie beside their foundation, that is called {@code foundation}, so that
 * whoever knows of no edits finds nothing to load instead of weights without them.
 *
 * @param directory of the version, finished or being built
 */
record VersionLayout(Path directory) {
  private static final String CHECKPOINT = "checkpoint";
  private static final String FOUNDATION = "foundation";

  /** Weights of the whole version. */
  Path checkpoint() {
    return directory.resolve(CHECKPOINT);
  }

  /** What turns the base into the checkpoint. */
  Path overwritePatch() {
    return directory.resolve("overwrite-patch.safetensors");
  }

  /** Weights without the edits. */
  Path foundation() {
    return directory.resolve(FOUNDATION);
  }

  /** What turns the base into the foundation. */
  Path foundationPatch() {
    return directory.resolve("foundation-patch.safetensors");
  }

  /** The edits as an adapter of the foundation. */
  Path adapter() {
    return directory.resolve("adapter");
  }

  /** What turns the foundation into the whole version. */
  Path editPatch() {
    return directory.resolve("edit-patch.safetensors");
  }

  /** Where the weights without edits are: under the name of the checkpoint if there are none. */
  Path foundationThatIsThere() {
    return Files.exists(foundation()) ? foundation() : checkpoint();
  }

  /** The patch that belongs to {@link #foundationThatIsThere}, if there is one. */
  Optional<Path> foundationPatchThatIsThere() {
    return Optional.of(Files.exists(foundation()) ? foundationPatch() : overwritePatch())
        .filter(Files::isRegularFile);
  }

  /** Whether there are no weights. */
  boolean lacksWeights() {
    return !Files.exists(checkpoint()) && !Files.exists(foundation());
  }

  /** Whether weights are a link to a base that has moved. */
  boolean isLinkedToNothing() {
    return isLinkToNothing(checkpoint()) || isLinkToNothing(foundation());
  }

  private static boolean isLinkToNothing(Path path) {
    return Files.isSymbolicLink(path) && !Files.exists(path);
  }
}
