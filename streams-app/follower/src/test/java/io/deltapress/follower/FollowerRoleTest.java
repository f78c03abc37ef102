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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerRoleTest {
  @TempDir static Path shared;
  private static TestBroker broker;
  private static SampleModel sample;
  private static SampleModel.Artifact first;
  private static SampleModel.Artifact second;
  private static SampleModel.Artifact third;

  @TempDir Path directory;
  private FollowerBench bench;
  private RecordingListener listener;
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
    bench = new FollowerBench(cluster, sample, directory);
    listener = bench.listener();
  }

  @AfterEach
  void close() {
    bench.close();
    cluster.close();
  }

  @Test
  void shouldMaterialiseHeadWhenDirectoryIsEmpty() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));

    // When
    bench.start();

    // Then
    LoadedVersion loaded = bench.awaitLoaded(1);
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
    bench.awaitStatus(1, 1, FollowerState.LOADED, null);
  }

  @Test
  void shouldLoadLatestHeadOnceWhenStartedLate() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));
    cluster.publish(sample, FollowerBench.version(2), second);
    cluster.head(sample, FollowerBench.version(2));
    cluster.publish(sample, FollowerBench.version(3), third);
    cluster.head(sample, FollowerBench.version(3));

    // When
    bench.start();

    // Then
    bench.awaitLoaded(3);
    bench.awaitStatus(3, 3, FollowerState.LOADED, null);
    assertThat(listener.loadedNumbers()).containsExactly(3);
    assertThat(FollowerBench.names(directory.resolve("acme/router/versions")))
        .containsExactly("000003");
  }

  @Test
  void shouldServeKeptVersionWhenHeadMovesBack() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.publish(sample, FollowerBench.version(2), second);
    cluster.head(sample, FollowerBench.version(1));
    bench.start();
    bench.awaitLoaded(1);
    cluster.head(sample, FollowerBench.version(2));
    bench.awaitLoaded(2);

    // When
    cluster.head(sample, FollowerBench.version(1));

    // Then
    await().untilAsserted(() -> assertThat(listener.loadedNumbers()).containsExactly(1, 2, 1));
    assertThat(listener.loaded().get(2).origin()).isEqualTo(Origin.KEPT);
    assertThat(bench.current()).isEqualTo("000001");
    bench.awaitStatus(1, 1, FollowerState.LOADED, null);
  }

  @Test
  void shouldKeepServedVersionWhenChunkIsCorrupt() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));
    bench.start();
    bench.awaitLoaded(1);
    List<ShardManifest> shards = corrupt(cluster.chunks(second));
    cluster.version(sample, FollowerBench.version(2), second, shards, VersionState.PUBLISHED);

    // When
    cluster.head(sample, FollowerBench.version(2));

    // Then
    await().untilAsserted(() -> assertThat(listener.failures()).hasSize(1));
    assertThat(listener.failures().get(0))
        .startsWith("Version 2 of acme/router cannot be loaded: Shard 0 is corrupt: its bytes have")
        .endsWith("not " + shards.get(0).getSha256() + "; publish the version again");
    assertThat(bench.current()).isEqualTo("000001");
    bench.awaitStatus(1, 2, FollowerState.FAILED, listener.failures().get(0));
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
    cluster.version(sample, FollowerBench.version(2), second, shards, VersionState.PUBLISHED);
    cluster.head(sample, FollowerBench.version(2));
    bench.start();
    await().untilAsserted(() -> assertThat(listener.failures()).isNotEmpty());

    // When
    cluster.chunk(
        ServingCluster.cut(
                shards.get(0).getSha256(),
                Files.readAllBytes(second.shards().get(0)),
                ServingCluster.CHUNK_BYTES)
            .get(1));

    // Then
    bench.awaitLoaded(2);
    assertThat(listener.failures()).hasSize(1);
  }

  @Test
  void shouldLoadNewerHeadWhenOneBeforeCannotBeLoaded() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.version(
        sample, FollowerBench.version(1), first, missing(first), VersionState.PUBLISHED);
    cluster.head(sample, FollowerBench.version(1));
    bench.start();
    await().untilAsserted(() -> assertThat(listener.failures()).isNotEmpty());
    cluster.publish(sample, FollowerBench.version(2), second);

    // When
    cluster.head(sample, FollowerBench.version(2));

    // Then
    bench.awaitLoaded(2);
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
    cluster.version(sample, FollowerBench.version(1), first, shards, VersionState.PUBLISHED);
    cluster.head(sample, FollowerBench.version(1));

    // When
    bench.start();

    // Then
    LoadedVersion loaded = bench.awaitLoaded(1);
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
    cluster.version(sample, FollowerBench.version(1), first, shards, VersionState.PUBLISHED);
    cluster.head(sample, FollowerBench.version(1));

    // When
    bench.start(Map.of("store.directory", store.toString()));

    // Then
    bench.awaitLoaded(1);
  }

  @Test
  void shouldKeepServedVersionWhenNewHeadIsRevoked() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));
    bench.start();
    bench.awaitLoaded(1);
    cluster.version(
        sample, FollowerBench.version(2), second, cluster.chunks(second), VersionState.REVOKED);

    // When
    cluster.head(sample, FollowerBench.version(2));

    // Then
    String reason =
        "Version 2 of acme/router is revoked by ops: leaks names; move the head to another version";
    bench.awaitStatus(1, 2, FollowerState.FAILED, reason);
    assertThat(listener.skipped()).containsExactly(reason);
    assertThat(bench.current()).isEqualTo("000001");
  }

  @Test
  void shouldNotBuildAgainWhenRestarted() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));
    FollowerRole role = bench.start();
    Path file = bench.awaitLoaded(1).directory().resolve("version.json");
    Object inode = Files.getAttribute(file, "unix:ino");
    role.close();

    // When
    bench.start();

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
    cluster.version(sample, FollowerBench.version(1), first, manifests, VersionState.PUBLISHED);
    cluster.head(sample, FollowerBench.version(1));

    // When
    bench.start();

    // Then
    assertThat(bench.awaitLoaded(1).origin()).isEqualTo(Origin.BUILT);
    assertThat(FollowerBench.names(versions)).containsExactly("000001");
    assertThat(FollowerBench.names(shards))
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
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));

    // When
    bench.start();

    // Then
    bench.awaitLoaded(1);
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
    FollowerRole role = new FollowerRole(bench.config(Map.of()), cluster.connection(), interested);
    bench.closeLater(role);
    cluster.base(sample, BaseStatus.USABLE);
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));
    role.start();
    loading.join();

    // When
    role.close();

    // Then
    role.awaitTermination();
    Path model = directory.resolve("acme/router");
    if (Files.exists(model.resolve("versions"))) {
      assertThat(FollowerBench.names(model.resolve("versions"))).allMatch("000001"::equals);
    }
    bench.start();
    bench.awaitLoaded(1);
  }

  @Test
  void shouldWaitWhenRecordsOfHeadAreNotThereYet() throws Exception {
    // Given
    bench.start();
    cluster.head(sample, FollowerBench.version(1));
    bench.awaitStatus(0, 1, FollowerState.LOADING, "Version 1 of acme/router is not published yet");
    cluster.publish(sample, FollowerBench.version(1), first);
    bench.awaitStatus(
        0, 1, FollowerState.LOADING, "Base tiny of version 1 of acme/router is not registered yet");
    cluster.base(sample, BaseStatus.REGISTERED);
    bench.awaitStatus(
        0, 1, FollowerState.LOADING, "Base tiny of version 1 of acme/router is not checked yet");

    // When
    cluster.base(sample, BaseStatus.USABLE);

    // Then
    bench.awaitLoaded(1);
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
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));

    // When
    bench.start();

    // Then
    bench.awaitLoaded(1);
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
    cluster.publish(other, FollowerBench.version(1), first);
    String digest = other.baseDigest();
    cluster.head(other, FollowerBench.version(1));
    Path weights = other.base().resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);

    // When
    bench.start(Map.of("bases.roots", other.basesRoot().toString(), "follower.retry.ms", "300000"));

    // Then
    await().untilAsserted(() -> assertThat(listener.failures()).hasSize(1));
    assertThat(listener.failures().get(0))
        .startsWith(
            "Version 1 of acme/router cannot be loaded: " + weights.getParent().toRealPath())
        .contains(digest);
    assertThat(directory.resolve("acme/router/current")).doesNotExist();
    assertThat(FollowerBench.names(directory.resolve("acme/router/versions"))).isEmpty();
  }

  @Test
  void shouldServeBaseItselfWhenVersionHasNoArtifact() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    cluster.send(
        Topics.SERVING_VERSIONS,
        FollowerBench.version(1).toString(),
        ServingCluster.version(sample, FollowerBench.version(1), null, VersionState.PUBLISHED));
    cluster.head(sample, FollowerBench.version(1));

    // When
    bench.start();

    // Then
    LoadedVersion loaded = bench.awaitLoaded(1);
    assertThat(loaded.checkpoint().toRealPath()).isEqualTo(sample.base().toRealPath());
    assertThat(loaded.overwritePatch()).isEmpty();
  }

  @Test
  void shouldKeepConfiguredNumberOfVersionsWhenHeadMovesOn() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    bench.start(Map.of("follower.keep.versions", "1"));
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));
    bench.awaitLoaded(1);
    cluster.publish(sample, FollowerBench.version(2), second);
    cluster.head(sample, FollowerBench.version(2));
    bench.awaitLoaded(2);
    cluster.publish(sample, FollowerBench.version(3), third);

    // When
    cluster.head(sample, FollowerBench.version(3));

    // Then
    bench.awaitLoaded(3);
    assertThat(FollowerBench.names(directory.resolve("acme/router/versions")))
        .containsExactly("000002", "000003");
    assertThat(FollowerBench.names(directory.resolve("acme/router/shards")))
        .hasSize(second.shards().size() + third.shards().size());
  }

  @Test
  void shouldFollowOnlyModelsItIsToldToFollow() throws Exception {
    // Given
    cluster.base(sample, BaseStatus.USABLE);
    VersionKey other = VersionKey.of("globex", "router", 1);
    cluster.publish(sample, other, second);
    cluster.head(sample, other);
    cluster.publish(sample, FollowerBench.version(1), first);
    cluster.head(sample, FollowerBench.version(1));

    // When
    bench.start(Map.of("follower.models", "acme/*"));

    // Then
    bench.awaitLoaded(1);
    assertThat(FollowerBench.names(directory)).doesNotContain("globex");
  }

  @Test
  void shouldRefuseDirectoryWhenAnotherFollowerHasIt() throws Exception {
    // Given
    bench.start();
    FollowerRole rival = new FollowerRole(bench.config(Map.of()), cluster.connection());

    // When / Then
    assertThatThrownBy(rival::start)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Directory %s is in use by another follower; give each its own follower.directory",
            directory);
  }
}
