package io.deltapress.follower.materialise;

import io.deltapress.follower.fetch.ShardCache;
import io.deltapress.follower.fetch.ShardFetcher;
import io.deltapress.follower.follow.Goal;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.format.FormatException;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.EditEntry;
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

/**
 * Builds one version: fetches what it is made of, writes its foundation, and beside it its edits.
 */
final class VersionBuilder {
  private final FoundationFiles foundations;
  private final EditSource editSource;
  private final EditFiles editFiles;

  VersionBuilder(
      BaseRoots bases, ShardFetcher fetcher, Path digests, EditForm form, StopSignal stop) {
    DigestCache cache = new DigestCache(digests);
    this.foundations = new FoundationFiles(bases, fetcher, cache, stop);
    this.editSource = new EditSource(fetcher, stop);
    this.editFiles = new EditFiles(form, cache, bytes -> stop.check());
  }

  /** The form in which it writes edits. */
  EditForm form() {
    return editFiles.form();
  }

  /** Builds the head of a model; the result is in its directory, but not served yet. */
  LoadedVersion build(Goal.Loading goal, ModelDirectory files) throws IOException {
    ModelVersion version = goal.version();
    long start = System.nanoTime();
    FoundationFiles.Source source = foundations.fetch(goal, files);
    List<Path> edits = editSource.fetch(version, files.shards());
    long fetched = System.nanoTime();
    Path building = files.begin(version.getVersion());
    boolean done = false;
    try {
      write(version, source, edits, new VersionLayout(building)).write(building);
      files.finish(version.getVersion());
      done = true;
    } catch (FormatException e) {
      removeDamaged(version, files.shards());
      throw e;
    } finally {
      if (!done) {
        files.abandon(version.getVersion());
      }
    }
    return loaded(
        files,
        version,
        edits,
        LoadedVersion.Origin.BUILT,
        Duration.ofNanos(fetched - start),
        Duration.ofNanos(System.nanoTime() - fetched));
  }

  private VersionFile write(
      ModelVersion version,
      FoundationFiles.Source source,
      List<Path> editArtifacts,
      VersionLayout layout)
      throws IOException {
    try (OpenEdits edits = EditSource.open(version, editArtifacts)) {
      if (!edits.shiftAnything()) {
        String digest =
            foundations.write(version, source, layout.checkpoint(), layout.overwritePatch());
        requireFoundation(version, digest);
        return VersionFile.of(version, digest, Optional.of(digest), form(), layout.directory());
      }
      String digest =
          foundations.write(version, source, layout.foundation(), layout.foundationPatch());
      requireFoundation(version, digest);
      Optional<String> result = editFiles.write(version, layout, edits);
      return VersionFile.of(version, digest, result, form(), layout.directory());
    }
  }

  private static void requireFoundation(ModelVersion version, String digest) throws IOException {
    if (!version.getEdits().isEmpty()) {
      EditSource.requireSame(
          "foundation of the edits", String.valueOf(version.getFoundationDigest()), digest);
    }
  }

  /** Describes a version that is in its directory. */
  static LoadedVersion loaded(
      ModelDirectory files, ModelVersion version, List<Path> edits, LoadedVersion.Origin origin) {
    return loaded(files, version, edits, origin, Duration.ZERO, Duration.ZERO);
  }

  private static LoadedVersion loaded(
      ModelDirectory files,
      ModelVersion version,
      List<Path> edits,
      LoadedVersion.Origin origin,
      Duration fetching,
      Duration building) {
    VersionLayout layout = new VersionLayout(files.version(version.getVersion()));
    Optional<Path> adapter = Optional.of(layout.adapter()).filter(Files::isDirectory);
    Optional<Path> patch = Optional.of(layout.editPatch()).filter(Files::isRegularFile);
    boolean beside = adapter.isPresent() || patch.isPresent();
    return new LoadedVersion(
        new ModelKey(version.getTenant(), version.getModel()),
        version.getVersion(),
        origin,
        layout.directory(),
        files.current(),
        beside ? layout.foundation() : layout.checkpoint(),
        Optional.of(beside ? layout.foundationPatch() : layout.overwritePatch())
            .filter(Files::isRegularFile),
        new LoadedEdits(
            version.getEdits().stream().map(EditEntry::getEditId).toList(), edits, adapter, patch),
        fetching,
        building);
  }

  /** Shards may have rotted since they were fetched, perhaps for an earlier process. */
  private static void removeDamaged(ModelVersion version, ShardCache cache) throws IOException {
    List<ShardManifest> shards = new ArrayList<>();
    ArtifactManifest artifact = version.getArtifact();
    if (artifact != null) {
      shards.addAll(artifact.getShards());
    }
    version.getEdits().forEach(entry -> shards.add(entry.getArtifact()));
    cache.removeDamaged(shards);
  }
}
