package io.deltapress.follower.materialise;

import io.deltapress.follower.fetch.FetchException;
import io.deltapress.follower.fetch.ShardCache;
import io.deltapress.follower.fetch.ShardFetcher;
import io.deltapress.follower.follow.Goal;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.export.OverwritePatch;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ShardManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the foundations of versions: a base with at most one delta. A foundation that a version on
 * this host has already is linked, not written again.
 */
final class FoundationFiles {
  private static final Logger LOGGER = LoggerFactory.getLogger(FoundationFiles.class);
  private static final int MAX_SHARDS = 100_000;

  private final BaseRoots bases;
  private final ShardFetcher fetcher;
  private final DigestCache digests;
  private final ProgressListener progress;
  private final StopSignal stop;

  FoundationFiles(BaseRoots bases, ShardFetcher fetcher, DigestCache digests, StopSignal stop) {
    this.bases = bases;
    this.fetcher = fetcher;
    this.digests = digests;
    this.stop = stop;
    // Long work ends soon after the follower is told to close.
    this.progress = bytes -> stop.check();
  }

  /** What a foundation is made of, on this host. */
  sealed interface Source {
    /** A version that is there has it. */
    record Kept(VersionLayout layout, VersionFile file) implements Source {}

    /** The base, and the shards of the delta on it. */
    record Parts(Path base, List<Path> shards) implements Source {}
  }

  /**
   * Gets what the foundation of a version is made of.
   *
   * @throws FetchException if a shard cannot be had
   */
  Source fetch(Goal.Loading goal, ModelDirectory files) throws IOException {
    ModelVersion version = goal.version();
    Optional<Source.Kept> kept =
        version.getArtifact() == null ? Optional.empty() : kept(version, files);
    if (kept.isPresent()) {
      return kept.get();
    }
    Path base = bases.resolve(goal.base().getName(), goal.base().getLocation());
    return new Source.Parts(base, fetch(version.getArtifact(), files.shards()));
  }

  private static Optional<Source.Kept> kept(ModelVersion version, ModelDirectory files)
      throws IOException {
    for (int number : files.numbers()) {
      Optional<VersionFile> file = files.finished(number);
      if (file.isPresent() && file.get().hasFoundationOf(version)) {
        return Optional.of(new Source.Kept(new VersionLayout(files.version(number)), file.get()));
      }
    }
    return Optional.empty();
  }

  private List<Path> fetch(@Nullable ArtifactManifest artifact, ShardCache cache)
      throws IOException {
    List<Path> shards = new ArrayList<>();
    if (artifact != null) {
      requirePossible(artifact);
      for (ShardManifest shard : artifact.getShards()) {
        stop.check();
        shards.add(fetcher.fetch(shard, cache));
      }
    }
    return shards;
  }

  private static void requirePossible(ArtifactManifest artifact) throws FetchException {
    int count = artifact.getShards().size();
    if (count < 1 || count > MAX_SHARDS) {
      throw new FetchException(
          "The artifact is said to have %d shards; publish the version again".formatted(count));
    }
  }

  /**
   * Writes a foundation.
   *
   * @param weights where its checkpoint goes
   * @param patch where what turns the base into it goes, if it is not the base itself
   * @return its weights digest
   */
  String write(ModelVersion version, Source source, Path weights, Path patch) throws IOException {
    if (source instanceof Source.Kept kept) {
      FileTrees.link(kept.layout().foundationThatIsThere(), weights);
      Optional<Path> keptPatch = kept.layout().foundationPatchThatIsThere();
      if (keptPatch.isPresent()) {
        FileTrees.link(keptPatch.get(), patch);
      }
      return kept.file().foundationDigest();
    }
    Source.Parts parts = (Source.Parts) source;
    try (Checkpoint base = Checkpoints.open(parts.base())) {
      if (version.getArtifact() == null) {
        return link(version, base, weights);
      }
      try (DeltaArtifact artifact = DeltaArtifact.open(parts.shards())) {
        return apply(version, base, artifact, weights, patch);
      }
    }
  }

  /** A version that is the base itself needs no copy of it. */
  private String link(ModelVersion version, Checkpoint base, Path weights) throws IOException {
    String actual = digests.weightsDigest(base, progress).hex();
    requireBase(version, base.path(), actual);
    Files.createSymbolicLink(weights, base.path());
    return actual;
  }

  private String apply(
      ModelVersion version, Checkpoint base, DeltaArtifact artifact, Path weights, Path patch)
      throws IOException {
    EditSource.requireSame(
        "parent of the artifact", version.getBaseDigest(), artifact.parentDigest().hex());
    // Hashing a base takes long the first time; here it can be stopped, and it is remembered.
    requireBase(version, base.path(), digests.weightsDigest(base, progress).hex());
    ApplySummary summary = new DeltaApplier(digests).apply(base, artifact, weights, progress);
    requireBase(version, base.path(), summary.from().hex());
    EditSource.requireSame(
        "digest of the artifact",
        version.getArtifact().getArtifactDigest(),
        summary.artifact().hex());
    exportPatch(version, base, artifact, patch);
    return summary.result().hex();
  }

  /** Not everything can be said in a patch; the checkpoint serves without one. */
  private void exportPatch(
      ModelVersion version, Checkpoint base, DeltaArtifact artifact, Path patch)
      throws IOException {
    try {
      new OverwritePatch(digests).export(base, artifact, patch, progress);
    } catch (BadInputException e) {
      LOGGER.warn(
          "Version {} of {}/{} has no overwrite patch: {}",
          version.getVersion(),
          version.getTenant(),
          version.getModel(),
          e.getMessage());
    }
  }

  private static void requireBase(ModelVersion version, Path path, String actual)
      throws IntegrityException {
    if (!actual.equals(version.getBaseDigest())) {
      throw new IntegrityException(
          "%s: is not base %s: its weights digest is %s, not %s; restore the base"
              .formatted(path, version.getBaseName(), actual, version.getBaseDigest()));
    }
  }
}
