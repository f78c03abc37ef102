package io.deltapress.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deltapress.follower.materialise.LoadedVersion;
import io.deltapress.follower.materialise.LoadedVersion.Origin;
import io.deltapress.follower.report.FollowerListener;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.FollowerState;
import io.deltapress.schemas.FollowerStatus;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.StoredObject;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import io.deltapress.schemas.topic.VersionKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerRoleTest {
  private static final String MODEL = "acme/router";

  @TempDir static Path shared;
  private static TestBroker broker;
  private static SampleModel sample;
  private static SampleModel.Artifact first;
  private static SampleModel.Artifact second;
  private static SampleModel.Artifact third;

  @TempDir Path directory;
  private final RecordingListener listener = new RecordingListener();
  private final List<FollowerRole> roles = new ArrayList<>();
  private ServingCluster cluster;

  @BeforeAll
  static void startBroker() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    broker = TestBroker.start(Files.createDirectory(shared.resolve("broker")));
    sample = SampleModel.create(shared.resolve("models"));
    first = sample.artifact(1);
    second = sample.artifact(2);
    third = sample.artifact(3);
  }

  @AfterAll
  static void stopBroker() {
    Awaitility.reset();
    broker.close();
  }

  @BeforeEach
  void createTopics() throws Exception {
    cluster = ServingCluster.create(broker);
  }

  @AfterEach
  void close() {
    roles.forEach(FollowerRole::close);
    cluster.close();
  }

  @Test
  void shouldMaterialiseHeadWhenDirectoryIsEmpty() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));

    // When
    start();

    // Then
    LoadedVersion loaded = awaitLoaded(1);
    assertThat(loaded.origin()).isEqualTo(Origin.BUILT);
    assertThat(loaded.current()).isSymbolicLink();
    assertThat(Files.readSymbolicLink(loaded.current())).isEqualTo(Path.of("versions/000001"));
    assertThat(loaded.checkpoint())
        .isEqualTo(directory.resolve("acme/router/versions/000001/checkpoint"));
    assertThat(loaded.checkpoint().resolve("config.json"))
        .hasSameTextualContentAs(sample.base().resolve("config.json"));
    assertThat(Files.readString(loaded.directory().resolve("version.json")))
        .contains(sample.digest(loaded.checkpoint()))
        .contains("overwrite-patch.safetensors");
    assertThat(loaded.overwritePatch())
        .hasValueSatisfying(patch -> assertThat(patch).isNotEmptyFile());
    awaitStatus(1, 1, FollowerState.LOADED, null);
  }

  @Test
  void shouldLoadLatestHeadOnceWhenStartedLate() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));
    cluster.publish(sample, version(2), second);
    cluster.head(sample, version(2));
    cluster.publish(sample, version(3), third);
    cluster.head(sample, version(3));

    // When
    start();

    // Then
    awaitLoaded(3);
    awaitStatus(3, 3, FollowerState.LOADED, null);
    assertThat(listener.loadedNumbers()).containsExactly(3);
    assertThat(names(directory.resolve("acme/router/versions"))).containsExactly("000003");
  }

  @Test
  void shouldServeKeptVersionWhenHeadMovesBack() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, version(1), first);
    cluster.publish(sample, version(2), second);
    cluster.head(sample, version(1));
    start();
    awaitLoaded(1);
    cluster.head(sample, version(2));
    awaitLoaded(2);

    // When
    cluster.head(sample, version(1));

    // Then
    await().untilAsserted(() -> assertThat(listener.loadedNumbers()).containsExactly(1, 2, 1));
    assertThat(listener.loaded().get(2).origin()).isEqualTo(Origin.KEPT);
    assertThat(current()).isEqualTo("000001");
    awaitStatus(1, 1, FollowerState.LOADED, null);
  }

  @Test
  void shouldKeepServedVersionWhenChunkIsCorrupt() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));
    start();
    awaitLoaded(1);
    List<ShardManifest> shards = corrupt(cluster.chunks(second));
    cluster.version(sample, version(2), second, shards, VersionState.PUBLISHED);

    // When
    cluster.head(sample, version(2));

    // Then
    await().untilAsserted(() -> assertThat(listener.failures()).hasSize(1));
    assertThat(listener.failures().get(0))
        .startsWith("Version 2 of acme/router cannot be loaded: Shard 0 is corrupt: its bytes have")
        .endsWith("not " + shards.get(0).getSha256() + "; publish the version again");
    assertThat(current()).isEqualTo("000001");
    awaitStatus(1, 2, FollowerState.FAILED, listener.failures().get(0));
  }

  /** Writes the chunks of the first shard again, one bit wrong. */
  private List<ShardManifest> corrupt(List<ShardManifest> shards) throws IOException {
    byte[] bytes = Files.readAllBytes(second.shards().get(0));
    String sha256 = shards.get(0).getSha256();
    bytes[ServingCluster.CHUNK_BYTES + 7] ^= 1;
    List<Chunk> chunks = ServingCluster.cut(sha256, bytes, ServingCluster.CHUNK_BYTES);
    long offset = cluster.chunk(chunks.get(0));
    chunks.stream().skip(1).forEach(cluster::chunk);
    List<ShardManifest> changed = new ArrayList<>(shards);
    changed.set(0, ServingCluster.inline(0, sha256, bytes.length, offset, chunks.size()));
    return changed;
  }

  @Test
  void shouldLoadVersionWhenCorruptChunkIsWrittenAgain() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    List<ShardManifest> shards = corrupt(cluster.chunks(second));
    cluster.version(sample, version(2), second, shards, VersionState.PUBLISHED);
    cluster.head(sample, version(2));
    start();
    await().untilAsserted(() -> assertThat(listener.failures()).isNotEmpty());

    // When
    cluster.chunk(
        ServingCluster.cut(
                shards.get(0).getSha256(),
                Files.readAllBytes(second.shards().get(0)),
                ServingCluster.CHUNK_BYTES)
            .get(1));

    // Then
    awaitLoaded(2);
    assertThat(listener.failures()).hasSize(1);
  }

  @Test
  void shouldLoadNewerHeadWhenOneBeforeCannotBeLoaded() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.version(sample, version(1), first, missing(first), VersionState.PUBLISHED);
    cluster.head(sample, version(1));
    start();
    await().untilAsserted(() -> assertThat(listener.failures()).isNotEmpty());
    cluster.publish(sample, version(2), second);

    // When
    cluster.head(sample, version(2));

    // Then
    awaitLoaded(2);
    assertThat(listener.failures())
        .containsExactly(
            "Version 1 of acme/router cannot be loaded: Shard 0 is incomplete: chunk 0 of 3 is not"
                + " in the topic; publish the version again");
  }

  private static List<ShardManifest> missing(SampleModel.Artifact artifact) {
    String sha256 = artifact.summary().shards().get(0).sha256();
    return List.of(ServingCluster.inline(0, sha256, 2_500, 0, 3));
  }

  @Test
  void shouldAssembleShardsWhenChunksAreInterleavedAndRepeated() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    List<ShardManifest> shards = interleaved(first);
    cluster.version(sample, version(1), first, shards, VersionState.PUBLISHED);
    cluster.head(sample, version(1));

    // When
    start();

    // Then
    LoadedVersion loaded = awaitLoaded(1);
    assertThat(Files.readString(loaded.directory().resolve("version.json")))
        .contains(sample.digest(loaded.checkpoint()));
  }

  /**
   * Two workers wrote both shards at once, one of them cut differently and gave up half-way, and
   * the chunk at the first offset has been compacted away.
   */
  private List<ShardManifest> interleaved(SampleModel.Artifact artifact) throws IOException {
    List<byte[]> bytes = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      bytes.add(Files.readAllBytes(artifact.shards().get(i)));
      digests.add(artifact.summary().shards().get(i).sha256());
    }
    long start = cluster.send(Topics.SERVING_CHUNKS, 0, digests.get(0) + "/000000", null);
    List<List<Chunk>> cuts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      List<Chunk> abandoned = ServingCluster.cut(digests.get(i), bytes.get(i), 990);
      cuts.add(abandoned.subList(0, abandoned.size() / 2));
      List<Chunk> whole = new ArrayList<>(ServingCluster.cut(digests.get(i), bytes.get(i), 1_000));
      whole.add(0, whole.remove(whole.size() - 1));
      cuts.add(whole);
      cuts.add(whole);
    }
    for (int at = 0; cuts.stream().anyMatch(notAt(at)); at++) {
      for (List<Chunk> cut : cuts) {
        if (at < cut.size()) {
          cluster.chunk(cut.get(at));
        }
      }
      cluster.send(Topics.SERVING_CHUNKS, 0, "noise", new byte[] {1, 2, 3});
    }
    List<ShardManifest> shards = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int count = (bytes.get(i).length + 999) / 1_000;
      shards.add(ServingCluster.inline(i, digests.get(i), bytes.get(i).length, start, count));
    }
    return shards;
  }

  private static Predicate<List<Chunk>> notAt(int index) {
    return cut -> index < cut.size();
  }

  @Test
  void shouldReadStoreWhenShardsAreStored(@TempDir Path store) throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    List<ShardManifest> shards = new ArrayList<>();
    for (int i = 0; i < first.shards().size(); i++) {
      String sha256 = first.summary().shards().get(i).sha256();
      Path object = ServingCluster.object(store, sha256);
      Files.createDirectories(object.getParent());
      Files.copy(first.shards().get(i), object);
      String key = store.relativize(object).toString();
      shards.add(new ShardManifest(i, sha256, Files.size(object), new StoredObject("file", key)));
    }
    cluster.version(sample, version(1), first, shards, VersionState.PUBLISHED);
    cluster.head(sample, version(1));

    // When
    start(Map.of("store.directory", store.toString()));

    // Then
    awaitLoaded(1);
  }

  @Test
  void shouldKeepServedVersionWhenNewHeadIsRevoked() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));
    start();
    awaitLoaded(1);
    cluster.version(sample, version(2), second, cluster.chunks(second), VersionState.REVOKED);

    // When
    cluster.head(sample, version(2));

    // Then
    String reason =
        "Version 2 of acme/router is revoked by ops: leaks names; move the head to another version";
    awaitStatus(1, 2, FollowerState.FAILED, reason);
    assertThat(listener.skipped()).containsExactly(reason);
    assertThat(current()).isEqualTo("000001");
  }

  @Test
  void shouldNotBuildAgainWhenRestarted() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));
    FollowerRole role = start();
    Path file = awaitLoaded(1).directory().resolve("version.json");
    Object inode = Files.getAttribute(file, "unix:ino");
    role.close();

    // When
    start();

    // Then
    await().untilAsserted(() -> assertThat(listener.loadedNumbers()).containsExactly(1, 1));
    assertThat(listener.loaded().get(1).origin()).isEqualTo(Origin.SERVED);
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
  }

  @Test
  void shouldFinishWhenEarlierProcessDiedInTheMiddle() throws Exception {
    // Given
    Path versions = directory.resolve("acme/router/versions");
    Path shards = directory.resolve("acme/router/shards");
    Files.createDirectories(versions.resolve("000001.tmp/checkpoint"));
    Files.writeString(versions.resolve("000001.tmp/checkpoint/model.safetensors"), "half");
    Files.createDirectories(versions.resolve("000001"));
    Files.writeString(versions.resolve("000001/version.json"), "{\"version\": 1");
    Files.createDirectories(shards);
    String sha256 = first.summary().shards().get(0).sha256();
    Files.copy(first.shards().get(0), shards.resolve(sha256 + ".safetensors"));
    Files.writeString(shards.resolve(sha256 + ".1000.part"), "half");
    List<ShardManifest> manifests = new ArrayList<>(cluster.chunks(first));
    manifests.set(0, ServingCluster.inline(0, sha256, manifests.get(0).getLength(), 1 << 30, 8));
    cluster.base(sample, BaseStatus.USABLE);
    cluster.version(sample, version(1), first, manifests, VersionState.PUBLISHED);
    cluster.head(sample, version(1));

    // When
    start();

    // Then
    assertThat(awaitLoaded(1).origin()).isEqualTo(Origin.BUILT);
    assertThat(names(versions)).containsExactly("000001");
    assertThat(names(shards))
        .allMatch(name -> name.endsWith(".safetensors"))
        .hasSize(manifests.size());
  }

  @Test
  void shouldFetchShardAgainWhenCachedOneHasRotted() throws Exception {
    // Given
    Path shards = Files.createDirectories(directory.resolve("acme/router/shards"));
    byte[] bytes = Files.readAllBytes(first.shards().get(0));
    bytes[bytes.length - 1] ^= 1;
    Files.write(shards.resolve(first.summary().shards().get(0).sha256() + ".safetensors"), bytes);
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));

    // When
    start();

    // Then
    awaitLoaded(1);
    assertThat(listener.failures()).hasSize(1);
  }

  @Test
  void shouldLeaveNothingHalfDoneWhenClosedWhileLoading() throws Exception {
    // Given
    CompletableFuture<Void> loading = new CompletableFuture<>();
    FollowerListener interested =
        new FollowerListener() {
          @Override
          public void loading(ModelKey model, int version) {
            loading.complete(null);
          }
        };
    FollowerRole role = new FollowerRole(config(Map.of()), cluster.connection(), interested);
    roles.add(role);
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));
    role.start();
    loading.join();

    // When
    role.close();

    // Then
    role.awaitTermination();
    Path model = directory.resolve("acme/router");
    if (Files.exists(model.resolve("versions"))) {
      assertThat(names(model.resolve("versions"))).allMatch("000001"::equals);
    }
    start();
    awaitLoaded(1);
  }

  @Test
  void shouldWaitWhenRecordsOfHeadAreNotThereYet() throws Exception {
    // Given
    start();
    cluster.head(sample, version(1));
    awaitStatus(0, 1, FollowerState.LOADING, "Version 1 of acme/router is not published yet");
    cluster.publish(sample, version(1), first);
    awaitStatus(
        0, 1, FollowerState.LOADING, "Base tiny of version 1 of acme/router is not registered yet");
    cluster.base(sample, BaseStatus.REGISTERED);
    awaitStatus(
        0, 1, FollowerState.LOADING, "Base tiny of version 1 of acme/router is not checked yet");

    // When
    cluster.base(sample, BaseStatus.USABLE);

    // Then
    awaitLoaded(1);
  }

  @Test
  void shouldServeOtherModelsWhenRecordsAreUnreadable() throws Exception {
    // Given
    byte[] poison = {7, 7, 7};
    cluster.send(Topics.SERVING_HEADS, 0, "acme/poisoned", poison);
    cluster.send(Topics.SERVING_HEADS, 0, "../../etc", poison);
    cluster.send(Topics.SERVING_VERSIONS, 0, "acme/router/000009", poison);
    cluster.send(Topics.SERVING_VERSIONS, 0, "acme/gone/000001", null);
    cluster.send(Topics.BASES, 0, "not a digest", poison);
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));

    // When
    start();

    // Then
    awaitLoaded(1);
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.statuses())
                    .filteredOn(status -> status.getState() == FollowerState.FAILED)
                    .extracting(FollowerStatus::getModel)
                    .containsExactly("poisoned"));
  }

  @Test
  void shouldKeepServedVersionWhenBaseHasChanged() throws Exception {
    // Given
    SampleModel other = SampleModel.create(shared.resolve("changed"));
    cluster.base(other, BaseStatus.USABLE);
    cluster.publish(other, version(1), first);
    String digest = other.baseDigest();
    cluster.head(other, version(1));
    Path weights = other.base().resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);

    // When
    start(Map.of("bases.roots", other.basesRoot().toString(), "follower.retry.ms", "300000"));

    // Then
    await().untilAsserted(() -> assertThat(listener.failures()).hasSize(1));
    assertThat(listener.failures().get(0))
        .startsWith(
            "Version 1 of acme/router cannot be loaded: " + weights.getParent().toRealPath())
        .contains(digest);
    assertThat(directory.resolve("acme/router/current")).doesNotExist();
    assertThat(names(directory.resolve("acme/router/versions"))).isEmpty();
  }

  @Test
  void shouldServeBaseItselfWhenVersionHasNoArtifact() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.send(
        Topics.SERVING_VERSIONS,
        version(1).toString(),
        ServingCluster.version(sample, version(1), null, VersionState.PUBLISHED));
    cluster.head(sample, version(1));

    // When
    start();

    // Then
    LoadedVersion loaded = awaitLoaded(1);
    assertThat(loaded.checkpoint().toRealPath()).isEqualTo(sample.base().toRealPath());
    assertThat(loaded.overwritePatch()).isEmpty();
  }

  @Test
  void shouldKeepConfiguredNumberOfVersionsWhenHeadMovesOn() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    start(Map.of("follower.keep.versions", "1"));
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));
    awaitLoaded(1);
    cluster.publish(sample, version(2), second);
    cluster.head(sample, version(2));
    awaitLoaded(2);
    cluster.publish(sample, version(3), third);

    // When
    cluster.head(sample, version(3));

    // Then
    awaitLoaded(3);
    assertThat(names(directory.resolve("acme/router/versions")))
        .containsExactly("000002", "000003");
    assertThat(names(directory.resolve("acme/router/shards")))
        .hasSize(second.shards().size() + third.shards().size());
  }

  @Test
  void shouldFollowOnlyModelsItIsToldToFollow() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    VersionKey other = VersionKey.of("globex", "router", 1);
    cluster.publish(sample, other, second);
    cluster.head(sample, other);
    cluster.publish(sample, version(1), first);
    cluster.head(sample, version(1));

    // When
    start(Map.of("follower.models", "acme/*"));

    // Then
    awaitLoaded(1);
    assertThat(names(directory)).doesNotContain("globex");
  }

  @Test
  void shouldRefuseDirectoryWhenAnotherFollowerHasIt() throws Exception {
    // Given
    start();
    FollowerRole rival = new FollowerRole(config(Map.of()), cluster.connection());

    // When / Then
    assertThatThrownBy(rival::start)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Directory %s is in use by another follower; give each its own follower.directory",
            directory);
  }

  private FollowerRole start() throws IOException {
    return start(Map.of());
  }

  private FollowerRole start(Map<String, String> settings) throws IOException {
    FollowerRole role = new FollowerRole(config(settings), cluster.connection(), listener);
    roles.add(role);
    role.start();
    return role;
  }

  private FollowerConfig config(Map<String, String> settings) {
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

  private static VersionKey version(int number) {
    return VersionKey.parse(MODEL + "/00000" + number);
  }

  private LoadedVersion awaitLoaded(int number) {
    await().untilAsserted(() -> assertThat(listener.loadedNumbers()).contains(number));
    return listener.loaded().get(listener.loadedNumbers().indexOf(number));
  }

  private void awaitStatus(int version, int head, FollowerState state, String message) {
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

  private String current() throws IOException {
    return Files.readSymbolicLink(directory.resolve("acme/router/current"))
        .getFileName()
        .toString();
  }

  private static List<String> names(Path path) throws IOException {
    try (Stream<Path> children = Files.list(path)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }
}
