package io.deltapress.follower.materialise;

import io.deltapress.follower.fetch.FetchException;
import io.deltapress.follower.fetch.ShardCache;
import io.deltapress.follower.fetch.ShardFetcher;
import io.deltapress.follower.follow.OneLine;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ShardManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gets the edits of versions onto this host and checks that they are those of the version. */
final class EditSource {
  /** Most live edits of a version. */
  static final int MAX_EDITS = 10_000;

  private final ShardFetcher fetcher;
  private final StopSignal stop;

  EditSource(ShardFetcher fetcher, StopSignal stop) {
    this.fetcher = fetcher;
    this.stop = stop;
  }

  /**
   * Fetches all edits of a version that are not there yet.
   *
   * @return their files, in the order of the version
   * @throws FetchException if one cannot be had, or the record claims what cannot be
   */
  List<Path> fetch(ModelVersion version, ShardCache cache) throws IOException {
    requirePossible(version);
    List<Path> files = new ArrayList<>();
    for (EditEntry entry : version.getEdits()) {
      stop.check();
      files.add(fetcher.fetch(entry.getArtifact(), cache));
    }
    return files;
  }

  /** The files of all edits of a version, if they are there. */
  static Optional<List<Path>> cached(ModelVersion version, ShardCache cache) throws IOException {
    List<Path> files = new ArrayList<>();
    for (EditEntry entry : version.getEdits()) {
      Optional<Path> file = cache.find(entry.getArtifact());
      if (file.isEmpty()) {
        return Optional.empty();
      }
      files.add(file.get());
    }
    return Optional.of(files);
  }

  private static void requirePossible(ModelVersion version) throws FetchException {
    if (version.getEdits().size() > MAX_EDITS) {
      throw new FetchException(
          "The version is said to have %d edits, more than %d; fold them into its delta"
              .formatted(version.getEdits().size(), MAX_EDITS));
    }
    Set<String> editIds = new HashSet<>();
    for (EditEntry entry : version.getEdits()) {
      ShardManifest artifact = entry.getArtifact();
      if (artifact.getIndex() != 0 || artifact.getLength() > EditArtifact.MAX_BYTES) {
        throw new FetchException(
            "Edit %s has an impossible manifest; publish the version again"
                .formatted(OneLine.quote(entry.getEditId())));
      }
      if (!editIds.add(entry.getEditId())) {
        throw new FetchException(
            "Edit %s is said to be there twice; publish the version again"
                .formatted(OneLine.quote(entry.getEditId())));
      }
    }
  }

  /**
   * Opens what was fetched.
   *
   * @throws IntegrityException if an artifact is not that of its entry, or of another foundation
   */
  static OpenEdits open(ModelVersion version, List<Path> files) throws IOException {
    List<EditArtifact> edits = new ArrayList<>();
    boolean done = false;
    try {
      for (int i = 0; i < files.size(); i++) {
        EditArtifact edit = EditArtifact.open(files.get(i));
        edits.add(edit);
        requireSame("edit of an artifact", version.getEdits().get(i).getEditId(), edit.editId());
        requireSame(
            "foundation of edit " + OneLine.quote(edit.editId()),
            String.valueOf(version.getFoundationDigest()),
            edit.parent().hex());
      }
      done = true;
      return new OpenEdits(edits);
    } finally {
      if (!done) {
        edits.forEach(EditArtifact::close);
      }
    }
  }

  /** Checks what is found against what the version says. */
  static void requireSame(String what, String expected, String actual) throws IntegrityException {
    if (!actual.equals(expected)) {
      throw new IntegrityException(
          "The %s is %s, but the version says %s; publish the version again"
              .formatted(what, actual, OneLine.of(expected)));
    }
  }
}
