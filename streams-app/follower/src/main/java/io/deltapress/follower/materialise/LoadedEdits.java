package io.deltapress.follower.materialise;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The live edits of a version that is there, and what puts them on its checkpoint. If neither
 * adapter nor patch is there, the checkpoint has them in it.
 *
 * @param editIds the edits, in the order in which they are put on
 * @param artifacts their artifacts, verified, in the same order
 * @param adapter a PEFT adapter directory to be loaded with the checkpoint
 * @param patch an overwrite patch to be written over the checkpoint
 */
public record LoadedEdits(
    List<String> editIds, List<Path> artifacts, Optional<Path> adapter, Optional<Path> patch) {

  public LoadedEdits {
    editIds = List.copyOf(editIds);
    artifacts = List.copyOf(artifacts);
  }
}
