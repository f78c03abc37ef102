package io.deltapress.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltapress.follower.materialise.LoadedVersion;
import io.deltapress.follower.materialise.LoadedVersion.Origin;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.FollowerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions with edits on a base, or on a base with a delta. */
class EditedVersionTest {
  @TempDir static Path shared;
  private static TestBroker broker;
  private static SampleModel sample;
  private static SampleModel.Artifact delta;
  private static Path foundation;
  private static Path paris;
  private static Path rome;

  @TempDir Path directory;
  private FollowerBench bench;
  private ServingCluster cluster;

  @BeforeAll
  static void startBroker() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    broker = TestBroker.start(Files.createDirectory(shared.resolve("broker")));
    sample = SampleModel.create(shared.resolve("models"));
    delta = sample.artifact(1);
    foundation = sample.foundation(delta);
    paris = sample.edit(foundation, "paris", 1);
    rome = sample.edit(foundation, "rome", 2);
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
    cluster.base(sample, BaseStatus.USABLE);
  }

  @AfterEach
  void close() {
    bench.close();
    cluster.close();
  }

  @Test
  void shouldPutAnAdapterBesideTheFoundation() throws Exception {
    // Given
    publish(1, edit("paris", paris), edit("rome", rome));

    // When
    bench.start();

    // Then
    LoadedVersion loaded = bench.awaitLoaded(1);
    Path version = directory.resolve("acme/router/versions/000001");
    assertThat(FollowerBench.names(version))
        .containsExactly("adapter", "foundation", "foundation-patch.safetensors", "version.json");
    assertThat(loaded.checkpoint()).isEqualTo(version.resolve("foundation"));
    assertThat(loaded.edits().editIds()).containsExactly("paris", "rome");
    assertThat(loaded.edits().adapter()).contains(version.resolve("adapter"));
    assertThat(loaded.edits().patch()).isEmpty();
    assertThat(loaded.edits().artifacts().get(1)).hasSameBinaryContentAs(rome);
    assertThat(sample.merged(loaded.checkpoint(), version.resolve("adapter")))
        .isEqualTo(sample.edited(foundation, List.of(paris, rome)));
    assertThat(Files.readString(version.resolve("version.json")))
        .contains("\"editId\" : \"paris\"")
        .contains("\"editForm\" : \"peft-lora\"")
        .contains("\"foundationDigest\" : \"" + sample.digest(foundation));
    bench.awaitStatus(1, 1, FollowerState.LOADED, null);
  }

  @Test
  void shouldNotWriteTheFoundationAgainWhenOneMoreEditComes() throws Exception {
    // Given
    EditEntry first = edit("paris", paris);
    cluster.publish(sample, FollowerBench.version(1), delta);
    cluster.head(sample, FollowerBench.version(1));
    bench.start();
    Path weights = bench.awaitLoaded(1).checkpoint().resolve("model.safetensors");
    publish(2, first);
    Path linked = bench.awaitLoaded(2).checkpoint().resolve("model.safetensors");

    // When
    publish(3, first, edit("rome", rome));

    // Then
    LoadedVersion loaded = bench.awaitLoaded(3);
    assertThat(linked.toString()).contains("000002/foundation");
    assertThat(Files.isSameFile(weights, linked)).isTrue();
    assertThat(Files.isSameFile(weights, loaded.checkpoint().resolve("model.safetensors")))
        .isTrue();
    assertThat(loaded.edits().editIds()).containsExactly("paris", "rome");
    assertThat(bench.current()).isEqualTo("000003");
  }

  @Test
  void shouldPutAnAdapterOnTheBaseItselfWithoutACopyOfIt() throws Exception {
    // Given
    Path edit = sample.edit(sample.base(), "oslo", 3);
    cluster.edited(
        sample,
        FollowerBench.version(1),
        null,
        sample.baseDigest(),
        List.of(cluster.edit("oslo", edit)));
    cluster.head(sample, FollowerBench.version(1));

    // When
    bench.start();

    // Then
    LoadedVersion loaded = bench.awaitLoaded(1);
    assertThat(loaded.checkpoint()).isSymbolicLink();
    assertThat(sample.merged(loaded.checkpoint(), loaded.edits().adapter().orElseThrow()))
        .isEqualTo(sample.edited(sample.base(), List.of(edit)));
  }

  @Test
  void shouldWriteACheckpointWithTheEditsInItWhenToldTo() throws Exception {
    // Given
    publish(1, edit("paris", paris), edit("rome", rome));

    // When
    bench.start(Map.of("follower.edits", "checkpoint"));

    // Then
    LoadedVersion loaded = bench.awaitLoaded(1);
    String result = sample.edited(foundation, List.of(paris, rome));
    assertThat(loaded.checkpoint().getFileName()).hasToString("checkpoint");
    assertThat(sample.digest(loaded.checkpoint())).isEqualTo(result);
    assertThat(loaded.edits().adapter()).isEmpty();
    assertThat(Files.readString(loaded.directory().resolve("version.json")))
        .contains("\"resultDigest\" : \"" + result);
  }

  @Test
  void shouldWriteAPatchOfTheFoundationWhenToldTo() throws Exception {
    // Given
    publish(1, edit("paris", paris));

    // When
    bench.start(Map.of("follower.edits", "overwrite-patch"));

    // Then
    LoadedVersion loaded = bench.awaitLoaded(1);
    try (Checkpoint patch = Checkpoints.open(loaded.edits().patch().orElseThrow())) {
      assertThat(patch.metadata()).containsEntry("parent", sample.digest(foundation));
      assertThat(patch.tensors())
          .containsKeys("layers.0.weight.idx", "layers.0.weight.val", "layers.1.weight.idx");
    }
  }

  @Test
  void shouldLeaveNothingOfAnEditThatTheHeadNoLongerHas() throws Exception {
    // Given
    EditEntry kept = edit("paris", paris);
    EditEntry dropped = edit("rome", rome);
    publish(1, kept, dropped);
    bench.start();
    bench.awaitLoaded(1);

    // When
    publish(2, kept);

    // Then
    LoadedVersion loaded = bench.awaitLoaded(2);
    Path model = directory.resolve("acme/router");
    await()
        .untilAsserted(
            () ->
                assertThat(FollowerBench.names(model.resolve("versions")))
                    .containsExactly("000002"));
    assertThat(model.resolve("shards").resolve(sha256(dropped) + ".safetensors")).doesNotExist();
    assertThat(model.resolve("shards").resolve(sha256(kept) + ".safetensors")).exists();
    assertThat(sample.merged(loaded.checkpoint(), loaded.edits().adapter().orElseThrow()))
        .isEqualTo(sample.edited(foundation, List.of(paris)));
  }

  @Test
  void shouldKeepServedVersionWhenAnEditIsOfAnotherFoundation() throws Exception {
    // Given
    publish(1, edit("paris", paris));
    bench.start();
    bench.awaitLoaded(1);
    Path other = sample.edit(sample.base(), "oslo", 3);

    // When
    publish(2, edit("paris", paris), edit("oslo", other));

    // Then
    await().untilAsserted(() -> assertThat(bench.listener().failures()).hasSize(1));
    assertThat(bench.listener().failures().get(0))
        .isEqualTo(
            "Version 2 of acme/router cannot be loaded: The foundation of edit 'oslo' is %s, but the version says %s; publish the version again"
                .formatted(sample.baseDigest(), sample.digest(foundation)));
    assertThat(bench.current()).isEqualTo("000001");
    bench.awaitStatus(1, 2, FollowerState.FAILED, bench.listener().failures().get(0));
  }

  @Test
  void shouldKeepServedVersionWhenAnArtifactIsOfAnotherEdit() throws Exception {
    // Given
    publish(1, edit("paris", paris));
    bench.start();
    bench.awaitLoaded(1);

    // When
    publish(2, edit("london", rome));

    // Then
    await().untilAsserted(() -> assertThat(bench.listener().failures()).hasSize(1));
    assertThat(bench.listener().failures().get(0))
        .endsWith(
            "The edit of an artifact is rome, but the version says london; publish the version"
                + " again");
    assertThat(bench.current()).isEqualTo("000001");
  }

  @Test
  void shouldFetchAnEditAgainWhenTheCachedOneIsGone() throws Exception {
    // Given
    EditEntry entry = edit("paris", paris);
    publish(1, entry);
    FollowerRole role = bench.start();
    bench.awaitLoaded(1);
    role.close();
    Path cached = directory.resolve("acme/router/shards").resolve(sha256(entry) + ".safetensors");
    Files.delete(cached);

    // When
    bench.start();

    // Then
    await().untilAsserted(() -> assertThat(bench.listener().loadedNumbers()).hasSize(2));
    assertThat(bench.listener().loaded().get(1).origin()).isEqualTo(Origin.BUILT);
    assertThat(cached).exists();
  }

  @Test
  void shouldBuildAgainOnlyWhenEditsAreWantedInAnotherForm() throws Exception {
    // Given
    publish(1, edit("paris", paris));
    FollowerRole role = bench.start();
    bench.awaitLoaded(1);
    role.close();
    FollowerRole same = bench.start();
    await().untilAsserted(() -> assertThat(bench.listener().loadedNumbers()).hasSize(2));
    same.close();

    // When
    bench.start(Map.of("follower.edits", "checkpoint"));

    // Then
    await().untilAsserted(() -> assertThat(bench.listener().loadedNumbers()).hasSize(3));
    assertThat(bench.listener().loaded())
        .extracting(LoadedVersion::origin)
        .containsExactly(Origin.BUILT, Origin.SERVED, Origin.BUILT);
  }

  private EditEntry edit(String editId, Path file) throws IOException {
    return cluster.edit(editId, file);
  }

  private static String sha256(EditEntry entry) {
    return entry.getArtifact().getSha256();
  }

  private void publish(int version, EditEntry... edits) throws IOException {
    cluster.edited(
        sample, FollowerBench.version(version), delta, sample.digest(foundation), List.of(edits));
    cluster.head(sample, FollowerBench.version(version));
  }
}
