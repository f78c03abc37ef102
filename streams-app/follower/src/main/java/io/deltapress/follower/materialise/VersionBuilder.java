package io.deltapress.follower.materialise;

import io.deltapress.follower.fetch.FetchException;
import io.deltapress.follower.fetch.ShardCache;
import io.deltapress.follower.fetch.ShardFetcher;
import io.deltapress.follower.follow.Goal;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.format.BadInputException;
import io.deltapress.format.FormatException;
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
import io.deltapress.schemas.topic.ModelKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds one version: fetches its shards, applies them to its base, writes, verifies. */
final class VersionBuilder {
  private static final Logger LOGGER = LoggerFactory.getLogger(VersionBuilder.class);
  static final String CHECKPOINT = "checkpoint";
  private static final String OVERWRITE_PATCH = "overwrite-patch.safetensors";
  private static final int MAX_SHARDS = 100_000;

  private final BaseRoots bases;
  private final ShardFetcher fetcher;
  private final DigestCache digests;
  private final StopSignal stop;

  VersionBuilder(BaseRoots bases, ShardFetcher fetcher, Path digests, StopSignal stop) {
    this.bases = bases;
    this.fetcher = fetcher;
    this.digests = new DigestCache(digests);
    this.stop = stop;
  }

  /** Builds the head of a model; the result is in its directory, but not served yet. */
  LoadedVersion build(Goal.Loading goal, ModelDirectory files) throws IOException {
    ModelVersion version = goal.version();
    long start = System.nanoTime();
    Path base = bases.resolve(goal.base().getName(), goal.base().getLocation());
    List<Path> shards = fetch(version.getArtifact(), files.shards());
    long fetched = System.nanoTime();
    Path building = files.begin(version.getVersion());
    boolean done = false;
    try {
      String result = write(version, base, shards, building);
      VersionFile.of(version, result, building).write(building);
      files.finish(version.getVersion());
      done = true;
    } catch (FormatException e) {
      removeDamaged(version.getArtifact(), files.shards());
      throw e;
    } finally {
      if (!done) {
        files.abandon(version.getVersion());
      }
    }
    return loaded(
        files,
        version,
        LoadedVersion.Origin.BUILT,
        Duration.ofNanos(fetched - start),
        Duration.ofNanos(System.nanoTime() - fetched));
  }

  /** Describes a version that is in its directory. */
  static LoadedVersion loaded(
      ModelDirectory files, ModelVersion version, LoadedVersion.Origin origin) {
    return loaded(files, version, origin, Duration.ZERO, Duration.ZERO);
  }

  private static LoadedVersion loaded(
      ModelDirectory files,
      ModelVersion version,
      LoadedVersion.Origin origin,
      Duration fetching,
      Duration building) {
    Path directory = files.version(version.getVersion());
    return new LoadedVersion(
        new ModelKey(version.getTenant(), version.getModel()),
        version.getVersion(),
        origin,
        directory,
        files.current(),
        directory.resolve(CHECKPOINT),
        Optional.of(directory.resolve(OVERWRITE_PATCH)).filter(Files::isRegularFile),
        fetching,
        building);
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

  /** Shards may have rotted since they were fetched, perhaps for an earlier process. */
  private static void removeDamaged(@Nullable ArtifactManifest artifact, ShardCache cache)
      throws IOException {
    if (artifact != null) {
      cache.removeDamaged(artifact.getShards());
    }
  }

  private static void requirePossible(ArtifactManifest artifact) throws FetchException {
    int count = artifact.getShards().size();
    if (count < 1 || count > MAX_SHARDS) {
      throw new FetchException(
          "The artifact is said to have %d shards; publish the version again".formatted(count));
    }
  }

  /** Returns the weights digest of what was written. */
  private String write(ModelVersion version, Path basePath, List<Path> shards, Path building)
      throws IOException {
    try (Checkpoint base = Checkpoints.open(basePath)) {
      if (version.getArtifact() == null) {
        return link(version, base, building);
      }
      return apply(version, base, shards, building);
    }
  }

  /** A version that is the base itself needs no copy of it. */
  private String link(ModelVersion version, Checkpoint base, Path building) throws IOException {
    String actual = digests.weightsDigest(base, progress()).hex();
    requireBase(version, base.path(), actual);
    Files.createSymbolicLink(building.resolve(CHECKPOINT), base.path());
    return actual;
  }

  private String apply(ModelVersion version, Checkpoint base, List<Path> shards, Path building)
      throws IOException {
    try (DeltaArtifact artifact = DeltaArtifact.open(shards)) {
      return apply(version, base, artifact, building);
    }
  }

  private String apply(ModelVersion version, Checkpoint base, DeltaArtifact artifact, Path building)
      throws IOException {
    requireSame("parent of the artifact", version.getBaseDigest(), artifact.parentDigest().hex());
    // Hashing a base takes long the first time; here it can be stopped, and it is remembered.
    requireBase(version, base.path(), digests.weightsDigest(base, progress()).hex());
    ApplySummary summary =
        new DeltaApplier(digests).apply(base, artifact, building.resolve(CHECKPOINT), progress());
    requireBase(version, base.path(), summary.from().hex());
    requireSame(
        "digest of the artifact",
        version.getArtifact().getArtifactDigest(),
        summary.artifact().hex());
    exportPatch(version, base, artifact, building);
    return summary.result().hex();
  }

  /** Not everything can be said in a patch; the checkpoint serves without one. */
  private void exportPatch(
      ModelVersion version, Checkpoint base, DeltaArtifact artifact, Path building)
      throws IOException {
    try {
      new OverwritePatch(digests)
          .export(base, artifact, building.resolve(OVERWRITE_PATCH), progress());
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

  private static void requireSame(String what, String expected, String actual)
      throws IntegrityException {
    if (!actual.equals(expected)) {
      throw new IntegrityException(
          "The %s is %s, but the version says %s; publish the version again"
              .formatted(what, actual, expected));
    }
  }

  /** Long work ends soon after the follower is told to close. */
  private ProgressListener progress() {
    return bytes -> stop.check();
  }
}
