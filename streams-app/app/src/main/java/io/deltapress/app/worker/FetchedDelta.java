package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.edit.Foundation;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.ShardManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delta that was fetched, if there is one.
 *
 * @param artifact null for the base alone
 */
record FetchedDelta(@Nullable DeltaArtifact artifact) implements AutoCloseable {

  /**
   * @throws TaskFailedException if its shards do not make the artifact
   */
  static FetchedDelta of(@Nullable ArtifactManifest delta, ShardSource shards, Path directory)
      throws IOException, InterruptedException, TaskFailedException {
    if (delta == null) {
      return new FetchedDelta(null);
    }
    List<Path> files = new ArrayList<>();
    for (ShardManifest shard : delta.getShards()) {
      files.add(shards.fetch(shard, directory));
    }
    DeltaArtifact artifact = DeltaArtifact.open(files);
    if (!artifact.check().hex().equals(delta.getArtifactDigest())) {
      artifact.close();
      throw new TaskFailedException(
          ReasonCode.INTEGRITY_MISMATCH,
          "The shards of the delta do not make the artifact %s"
              .formatted(delta.getArtifactDigest()));
    }
    return new FetchedDelta(artifact);
  }

  /** Base and delta as what edits are put on. */
  Foundation on(Checkpoint base, DigestCache digests, ProgressListener progress)
      throws IOException {
    return artifact == null
        ? Foundation.of(base, digests, progress)
        : Foundation.of(base, artifact, digests);
  }

  @Override
  public void close() {
    if (artifact != null) {
      artifact.close();
    }
  }
}
