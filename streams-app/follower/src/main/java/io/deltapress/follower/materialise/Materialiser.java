package io.deltapress.follower.materialise;

import io.deltapress.follower.fetch.ShardFetcher;
import io.deltapress.follower.follow.Goal;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.topic.ModelKey;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes the head of a model the version that is served from the directory, building it if it is not
 * there. Whatever fails leaves the version that is served as it is. Used by one thread.
 */
public final class Materialiser {
  private final FollowerDirectory directory;
  private final VersionBuilder builder;
  private final int keepOthers;

  /**
   * @param bases where this host has bases
   * @param fetcher gets the shards of artifacts
   * @param keepOthers how many versions to keep besides the served one, for rollbacks
   * @param edits how edits are handed on
   */
  public Materialiser(
      FollowerDirectory directory,
      BaseRoots bases,
      ShardFetcher fetcher,
      int keepOthers,
      EditForm edits,
      StopSignal stop) {
    this.directory = directory;
    this.builder = new VersionBuilder(bases, fetcher, directory.digests(), edits, stop);
    this.keepOthers = keepOthers;
  }

  /** Removes what an earlier process was in the middle of when it ended. */
  public void recover(ModelKey model) throws IOException {
    directory.model(model).recover();
  }

  /** The version of a model that is served, if any is. */
  public OptionalInt served(ModelKey model) throws IOException {
    return directory.model(model).served();
  }

  /** Whether the head is served already. */
  public Optional<LoadedVersion> served(Goal.Loading goal) throws IOException {
    ModelVersion version = goal.version();
    ModelDirectory files = files(version);
    return files.served().equals(OptionalInt.of(version.getVersion()))
        ? finished(files, version, LoadedVersion.Origin.SERVED)
        : Optional.empty();
  }

  /**
   * Makes the head the version that is served.
   *
   * @throws io.deltapress.format.FormatException if the base or the artifact is not right
   * @throws io.deltapress.follower.fetch.FetchException if the artifact cannot be had
   * @throws java.util.concurrent.CancellationException if the follower is closing
   */
  public LoadedVersion load(Goal.Loading goal) throws IOException {
    ModelVersion version = goal.version();
    ModelDirectory files = files(version);
    Optional<LoadedVersion> kept = finished(files, version, LoadedVersion.Origin.KEPT);
    LoadedVersion loaded = kept.isPresent() ? kept.get() : builder.build(goal, files);
    files.serve(version.getVersion());
    files.prune(version.getVersion(), keepOthers);
    return loaded;
  }

  private Optional<LoadedVersion> finished(
      ModelDirectory files, ModelVersion version, LoadedVersion.Origin origin) throws IOException {
    boolean finished =
        files
            .finished(version.getVersion())
            .filter(file -> file.isOf(version, builder.form()))
            .isPresent();
    if (!finished) {
      return Optional.empty();
    }
    return EditSource.cached(version, files.shards())
        .map(edits -> VersionBuilder.loaded(files, version, edits, origin));
  }

  private ModelDirectory files(ModelVersion version) {
    return directory.model(new ModelKey(version.getTenant(), version.getModel()));
  }
}
