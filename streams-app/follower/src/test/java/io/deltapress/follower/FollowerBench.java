package io.deltapress.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltapress.follower.materialise.LoadedVersion;
import io.deltapress.schemas.FollowerState;
import io.deltapress.schemas.topic.VersionKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Followers of one cluster into one directory, and what a test waits for. */
final class FollowerBench implements AutoCloseable {
  private static final String MODEL = "acme/router";

  private final ServingCluster cluster;
  private final SampleModel sample;
  private final Path directory;
  private final RecordingListener listener = new RecordingListener();
  private final List<FollowerRole> roles = new ArrayList<>();

  FollowerBench(ServingCluster cluster, SampleModel sample, Path directory) {
    this.cluster = cluster;
    this.sample = sample;
    this.directory = directory;
  }

  RecordingListener listener() {
    return listener;
  }

  FollowerRole start() throws IOException {
    return start(Map.of());
  }

  FollowerRole start(Map<String, String> settings) throws IOException {
    FollowerRole role = new FollowerRole(config(settings), cluster.connection(), listener);
    closeLater(role);
    role.start();
    return role;
  }

  void closeLater(FollowerRole role) {
    roles.add(role);
  }

  FollowerConfig config(Map<String, String> settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "follower.host",
                "host-1",
                "follower.directory",
                directory.toString(),
                "bases.roots",
                sample.basesRoot().toString(),
                "follower.retry.ms",
                "50"));
    all.putAll(settings);
    return FollowerConfig.of(all);
  }

  static VersionKey version(int number) {
    return VersionKey.parse(MODEL + "/00000" + number);
  }

  LoadedVersion awaitLoaded(int number) {
    await().untilAsserted(() -> assertThat(listener.loadedNumbers()).contains(number));
    return listener.loaded().get(listener.loadedNumbers().indexOf(number));
  }

  void awaitStatus(int version, int head, FollowerState state, String message) {
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.statuses())
                    .last()
                    .satisfies(
                        status -> {
                          assertThat(status.getHost()).isEqualTo("host-1");
                          assertThat(status.getVersion()).isEqualTo(version);
                          assertThat(status.getHeadVersion()).isEqualTo(head);
                          assertThat(status.getState()).isEqualTo(state);
                          assertThat(status.getMessage()).isEqualTo(message);
                        }));
  }

  /** Name of the version that the link leads to. */
  String current() throws IOException {
    return Files.readSymbolicLink(directory.resolve(MODEL).resolve("current"))
        .getFileName()
        .toString();
  }

  static List<String> names(Path path) throws IOException {
    try (Stream<Path> children = Files.list(path)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void close() {
    roles.forEach(FollowerRole::close);
  }
}
