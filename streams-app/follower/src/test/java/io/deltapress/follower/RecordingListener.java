package io.deltapress.follower;

import io.deltapress.follower.materialise.LoadedVersion;
import io.deltapress.follower.report.FollowerListener;
import io.deltapress.schemas.topic.ModelKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it is told. */
final class RecordingListener implements FollowerListener {
  private final List<LoadedVersion> loaded = new CopyOnWriteArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<String> skipped = new CopyOnWriteArrayList<>();

  @Override
  public void loaded(LoadedVersion version) {
    loaded.add(version);
  }

  @Override
  public void failed(ModelKey model, int version, String message) {
    failures.add(message);
  }

  @Override
  public void skipped(ModelKey model, int version, String reason) {
    skipped.add(reason);
  }

  List<LoadedVersion> loaded() {
    return loaded;
  }

  List<Integer> loadedNumbers() {
    return loaded.stream().map(LoadedVersion::version).toList();
  }

  List<String> failures() {
    return failures;
  }

  List<String> skipped() {
    return skipped;
  }
}
