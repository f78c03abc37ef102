package io.deltapress.follower.materialise;

import io.deltapress.schemas.topic.ModelKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A version that is there, verified, and served.
 *
 * @param model the model
 * @param version number of the version
 * @param origin whether it had to be built
 * @param directory its own directory; what is in there never changes
 * @param current link that leads to whatever version of the model is served
 * @param checkpoint Hugging Face directory with the weights: the whole version, or what {@code
 *     edits} says has to be put on
 * @param overwritePatch what turns the base into the checkpoint, as changed positions and their new
 *     values, one safetensors file; absent if the checkpoint is the base itself
 * @param edits the live edits
 * @param fetching time it took to fetch the artifact
 * @param building time it took to apply, write and verify
 */
public record LoadedVersion(
    ModelKey model,
    int version,
    Origin origin,
    Path directory,
    Path current,
    Path checkpoint,
    Optional<Path> overwritePatch,
    LoadedEdits edits,
    Duration fetching,
    Duration building) {

  /** Where a version came from. */
  public enum Origin {
    /** It was built now. */
    BUILT,
    /** It was on the disk, and the head has moved to it. */
    KEPT,
    /** It was on the disk, and served already. */
    SERVED
  }
}
