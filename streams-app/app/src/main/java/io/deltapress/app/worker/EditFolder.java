package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.ShardSummary;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.EditFolding;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.ValueCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folds live edits, and the delta below them, into one delta of the same weights. */
final class EditFolder {
  private static final int FORMAT_VERSION = 1;
  private static final long SHARD_BYTES = 256L << 20;
  private static final String FOLDED = "folded";

  private final DigestCache digests;
  private final ShardSource shards;
  private final ShardDelivery delivery;

  EditFolder(DigestCache digests, ShardSource shards, ShardDelivery delivery) {
    this.digests = digests;
    this.shards = shards;
    this.delivery = delivery;
  }

  /**
   * Folds and delivers.
   *
   * @param delta null for the base alone
   * @param live in the order in which they are put on
   * @param directory of the task
   */
  ArtifactManifest fold(
      Checkpoint base,
      @Nullable ArtifactManifest delta,
      List<EditEntry> live,
      Path directory,
      long inlineMaxBytes,
      ProgressListener progress)
      throws IOException, InterruptedException, TaskFailedException {
    Path folded = directory.resolve(FOLDED);
    List<EditArtifact> edits = new ArrayList<>();
    try (FetchedDelta opened = FetchedDelta.of(delta, shards, directory)) {
      for (EditEntry entry : live) {
        edits.add(EditArtifact.open(shards.fetch(entry.getArtifact(), directory)));
      }
      CompressionSummary summary =
          EditFolding.fold(
              base,
              opened.on(base, digests, progress),
              edits,
              folded,
              SHARD_BYTES,
              digests,
              progress);
      return deliver(summary, folded, EditFolding.settings(edits).seed(), inlineMaxBytes);
    } finally {
      edits.forEach(EditArtifact::close);
    }
  }

  private ArtifactManifest deliver(
      CompressionSummary summary, Path folded, long seed, long inlineMaxBytes)
      throws IOException, InterruptedException, TaskFailedException {
    Delivery how = summary.artifactBytes() <= inlineMaxBytes ? Delivery.INLINE : Delivery.STORED;
    List<Path> files;
    try (DeltaArtifact artifact = DeltaArtifact.open(folded)) {
      files = artifact.files();
    }
    List<ShardManifest> manifests = new ArrayList<>();
    for (Path file : files) {
      ShardSummary shard = summary.shards().get(manifests.size());
      Object location = delivery.deliver(file, shard.sha256(), how);
      manifests.add(new ShardManifest(manifests.size(), shard.sha256(), shard.bytes(), location));
    }
    return new ArtifactManifest(
        summary.artifact().hex(),
        FORMAT_VERSION,
        CompressionMethod.MAGNITUDE,
        0.0,
        1.0,
        seed,
        ValueCode.EXACT,
        manifests,
        summary.artifactBytes(),
        summary.denseBytes(),
        summary.parameters(),
        summary.fineTuned().hex());
  }
}
