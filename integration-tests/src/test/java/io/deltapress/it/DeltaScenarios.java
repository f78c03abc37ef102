package io.deltapress.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.GateRung;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The whole path on real processes, against whatever cluster a subclass provides: a delta travels
 * from a topic to a served version, whatever dies on the way, and bad input is turned down without
 * stopping anything. Every scenario uses a model of its own.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class DeltaScenarios {
  private static final int SMALL_ROWS = 128;
  private static final int LARGE_ROWS = 4096;
  private static final int LAYERS = 12;

  private final Path directory;
  private final Cluster cluster;
  private final Distribution distribution;
  private final Pipeline pipeline;
  private final Requests requests;
  private String smallBase;
  private String largeBase;

  DeltaScenarios(ProductUnderTest product) {
    this.directory = product.directory();
    this.cluster = product.cluster();
    this.distribution = product.distribution();
    this.pipeline = product.pipeline();
    this.requests = product.requests();
  }

  @BeforeAll
  void registerBases() {
    smallBase = requests.registerBase(small().writeBase(weights("small-base")), "small");
    largeBase = requests.registerBase(large().writeBase(weights("large-base")), "large");
  }

  @Test
  void shouldServeBitForBitWhatOfflineCommandsMakeWhenWorkerIsKilledInTheMiddleOfAShard() {
    // Given
    Path fineTuned = large().writeFineTuned(weights("worker-killed"), 1);
    DeltaSubmission submission = requests.delta("worker-killed", largeBase, fineTuned).build();
    requests.submit(submission);
    pipeline.awaitEvent(submission.getSubmissionId(), EventTypes.DELTA_SHARD_PRUNED);

    // When
    pipeline.killWorker();
    pipeline.startWorker();

    // Then
    assertServedAsOffline(submission, "large-base");
  }

  @Test
  void shouldServeBitForBitWhatOfflineCommandsMakeWhenTopologyIsKilledBetweenPlanAndAssembly() {
    // Given
    Path fineTuned = large().writeFineTuned(weights("topology-killed"), 2);
    DeltaSubmission submission = requests.delta("topology-killed", largeBase, fineTuned).build();
    requests.submit(submission);
    pipeline.awaitEvent(submission.getSubmissionId(), EventTypes.DELTA_SURVEYED);

    // When
    pipeline.killTopology();
    pipeline.startTopology();

    // Then
    assertServedAsOffline(submission, "large-base");
  }

  @Test
  void shouldServeBitForBitWhatOfflineCommandsMakeWhenBrokerIsRestarted() {
    // Given
    Path fineTuned = large().writeFineTuned(weights("broker-restarted"), 3);
    DeltaSubmission submission = requests.delta("broker-restarted", largeBase, fineTuned).build();
    requests.submit(submission);
    pipeline.awaitEvent(submission.getSubmissionId(), EventTypes.DELTA_SURVEYED);

    // When
    cluster.restartBroker();

    // Then
    assertServedAsOffline(submission, "large-base");
  }

  @Test
  void shouldServeFromAnEmptyDiskWhenFollowerStartsLate() {
    // Given
    Path fineTuned = small().writeFineTuned(weights("late"), 4);
    DeltaSubmission submission = requests.delta("late", smallBase, fineTuned).build();
    requests.submit(submission);
    ModelVersion version = pipeline.awaitVersion(submission.getSubmissionId());
    String servedBefore = requests.digestOf(pipeline.awaitServed(version));

    // When
    pipeline.restartFollowerFromAnEmptyDisk(directory.resolve("served-before"));

    // Then
    assertThat(requests.digestOf(pipeline.awaitServed(version))).isEqualTo(servedBefore);
  }

  @Test
  void shouldMakeOneVersionWhenSubmissionIsRepeated() {
    // Given
    Path fineTuned = small().writeFineTuned(weights("repeated"), 5);
    DeltaSubmission submission = requests.delta("repeated", smallBase, fineTuned).build();

    // When
    requests.submit(submission);
    requests.submit(submission);
    pipeline.awaitVersion(submission.getSubmissionId());
    requests.submit(submission);
    settleWith("after-repeated");

    // Then
    assertThat(pipeline.versionsOf(submission.getSubmissionId())).hasSize(1);
  }

  @Test
  void shouldParkSubmissionUntilItsBaseIsRegistered() {
    // Given
    Weights unknown = Weights.of(2, SMALL_ROWS, 77);
    Path base = unknown.writeBase(weights("unknown-base"));
    Path fineTuned = unknown.writeFineTuned(weights("parked"), 6);
    DeltaSubmission submission =
        requests.delta("parked", requests.digestOf(base), fineTuned).build();
    requests.submit(submission);
    pipeline.awaitEvent(submission.getSubmissionId(), EventTypes.DELTA_PARKED);

    // When
    requests.registerBase(base, "late");

    // Then
    assertServedAsOffline(submission, "unknown-base");
  }

  @Test
  void shouldGoDownTheLadderByItselfWhenPruningRuinsTheModel() {
    // Given
    Path base = distribution.copyReference("base", weights("model-base"));
    Path fineTuned = distribution.copyReference("facts-small", weights("facts"));
    Path canary =
        distribution.copyReference(
            "tasks/facts-small-validation.jsonl", weights("facts-validation.jsonl"));
    String digest = requests.registerBase(base, "model");
    requests.setPolicy("facts", List.of(0.99, 0.9), canary);
    DeltaSubmission submission =
        requests.delta("facts", digest, fineTuned).setUsePolicy(true).build();

    // When
    requests.submit(submission);
    ModelVersion version = pipeline.awaitVersion(submission.getSubmissionId());

    // Then
    assertThat(version.getArtifact().getPruneRate()).isEqualTo(0.9);
    assertThat(version.getGate().getVerdict()).isEqualTo(GateVerdict.PASSED);
    assertThat(version.getGate().getRungs())
        .extracting(GateRung::getPruneRate, GateRung::getVerdict)
        .containsExactly(tuple(0.99, GateVerdict.FAILED), tuple(0.9, GateVerdict.PASSED));
    assertThat(requests.digestOf(pipeline.awaitServed(version))).isNotEqualTo(digest);
  }

  @Test
  void shouldRejectSubmissionWhenItsBaseHasAnotherDigestThanClaimed() {
    // Given
    Path base = Weights.of(1, SMALL_ROWS, 78).writeBase(weights("false-base"));
    String claimed = "0".repeat(64);
    DeltaSubmission submission = requests.delta("false-base-digest", claimed, base).build();
    requests.submit(submission);

    // When
    requests.registerBase(base, "false", claimed);

    // Then
    Rejection rejection = pipeline.awaitRejection(submission.getSubmissionId());
    assertThat(rejection.getReasonCode()).isEqualTo("UNKNOWN_BASE_REFUSED");
    assertThat(rejection.getMessage()).contains(requests.digestOf(base));
  }

  @Test
  void shouldRejectSubmissionWhenFineTuneHasAnotherDigestThanClaimed() {
    // Given
    Path fineTuned = small().writeFineTuned(weights("false-fine-tune"), 7);
    DeltaSubmission submission =
        requests
            .delta("false-digest", smallBase, fineTuned)
            .setFineTunedDigest("1".repeat(64))
            .build();

    // When
    requests.submit(submission);

    // Then
    Rejection rejection = pipeline.awaitRejection(submission.getSubmissionId());
    assertThat(rejection.getReasonCode()).isEqualTo("FINE_TUNED_DIGEST_MISMATCH");
    assertThat(pipeline.versionsOf(submission.getSubmissionId())).isEmpty();
  }

  @Test
  void shouldRejectSubmissionWhenAWeightIsNotANumber() {
    // Given
    Path fineTuned = small().writeFineTunedWithNan(weights("not-a-number"), 8);
    DeltaSubmission submission =
        requests.delta("not-a-number", smallBase, fineTuned).setPruneRate(0.0).build();

    // When
    requests.submit(submission);

    // Then
    Rejection rejection = pipeline.awaitRejection(submission.getSubmissionId());
    assertThat(rejection.getReasonCode()).isEqualTo("NON_FINITE_RESULT");
    assertThat(rejection.getMessage()).contains("weight");
  }

  @Test
  void shouldServeFineTuneWithResizedEmbedding() {
    // Given
    Path fineTuned = small().withEmbeddingRows(80).writeFineTuned(weights("resized"), 9);
    DeltaSubmission submission = requests.delta("resized", smallBase, fineTuned).build();

    // When
    requests.submit(submission);

    // Then
    assertServedAsOffline(submission, "small-base");
  }

  @Test
  void shouldPublishOnceWhenTwoSubmissionsRaceForOneModel() {
    // Given
    Path first = small().writeFineTuned(weights("race-first"), 10);
    Path second = small().writeFineTuned(weights("race-second"), 11);
    DeltaSubmission one =
        requests
            .delta("race", smallBase, first)
            .setSubmissionId("race-one")
            .setExpectedVersion(0)
            .build();
    DeltaSubmission two =
        requests
            .delta("race", smallBase, second)
            .setSubmissionId("race-two")
            .setExpectedVersion(0)
            .build();

    // When
    requests.submit(one);
    requests.submit(two);
    settleWith("after-race");

    // Then
    assertThat(List.of(ending("race-one"), ending("race-two")))
        .containsExactlyInAnyOrder("version 1", "rejected");
  }

  @Test
  void shouldGoOnWhenEveryInputHoldsAPoisonRecord() {
    // Given
    byte[] garbage = "not avro".getBytes(StandardCharsets.UTF_8);
    requests.poison(Topics.BASES, "poison", garbage);
    requests.poison(Topics.DELTAS_SUBMITTED, "acme/poison", garbage);
    requests.poison(Topics.WORK_COMPRESS, "poison", garbage);
    requests.poison(Topics.WORK_RESULTS, "acme/poison", garbage);
    requests.poison(Topics.SERVING_VERSIONS, "acme/poison/000001", garbage);
    requests.poison(Topics.SERVING_HEADS, "acme/poison", garbage);

    // When
    settleWith("after-poison");

    // Then
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(pipeline.topics().readAll(Topics.DEAD_LETTERS))
                    .extracting(ConsumerRecord::value)
                    .filteredOn(letter -> letter.getReasonCode().equals("UNDECODABLE_RECORD"))
                    .extracting(DeadLetter::getInputTopic)
                    .contains(
                        "deltapress.bases",
                        "deltapress.deltas.submitted",
                        "deltapress.work.compress",
                        "deltapress.work.results"));
  }

  /** Sends a further request through the whole pipeline: whatever came before it has settled. */
  private void settleWith(String model) {
    Path fineTuned = small().writeFineTuned(weights(model), model.hashCode());
    DeltaSubmission submission = requests.delta(model, smallBase, fineTuned).build();
    requests.submit(submission);
    pipeline.awaitServed(pipeline.awaitVersion(submission.getSubmissionId()));
  }

  private String ending(String submissionId) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                pipeline.versionsOf(submissionId).size()
                        + pipeline.rejectionsOf(submissionId).size()
                    > 0);
    List<ModelVersion> versions = pipeline.versionsOf(submissionId);
    return versions.isEmpty() ? "rejected" : "version " + versions.get(0).getVersion();
  }

  private void assertServedAsOffline(DeltaSubmission submission, String base) {
    ModelVersion version = pipeline.awaitVersion(submission.getSubmissionId());
    Path served = pipeline.awaitServed(version);
    assertThat(pipeline.versionsOf(submission.getSubmissionId())).hasSize(1);
    version.getArtifact().getShards().forEach(this::assertEveryChunkIsThere);
    assertThat(requests.digestOf(served)).isEqualTo(offlineDigest(submission, version, base));
  }

  /** The weights that {@code compress} and {@code apply} make of the same input, without Kafka. */
  private String offlineDigest(DeltaSubmission submission, ModelVersion version, String base) {
    Path offline = directory.resolve("offline");
    String delta = offline.resolve(submission.getModel() + ".delta").toString();
    Path applied = offline.resolve(submission.getModel());
    String basePath = pipeline.weights().resolve(base).toString();
    try {
      Files.createDirectories(offline);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    distribution.run(
        offline,
        List.of(
            "compress",
            "--base",
            basePath,
            "--fine-tuned",
            submission.getFineTunedLocation(),
            "--method",
            "dare",
            "--prune-rate",
            Double.toString(submission.getPruneRate()),
            "--seed",
            Long.toString(version.getArtifact().getSeed()),
            "--out",
            delta));
    distribution.run(
        offline,
        List.of("apply", "--base", basePath, "--delta", delta, "--out", applied.toString()));
    return requests.digestOf(applied);
  }

  private void assertEveryChunkIsThere(ShardManifest shard) {
    InlineChunks inline = (InlineChunks) shard.getLocation();
    Map<Integer, Chunk> chunks = new TreeMap<>();
    for (ConsumerRecord<String, Chunk> found : pipeline.topics().readAll(Topics.SERVING_CHUNKS)) {
      if (found.value().getShardSha256().equals(shard.getSha256())) {
        assertThat(found.partition()).isEqualTo(inline.getPartition());
        chunks.put(found.value().getIndex(), found.value());
      }
    }
    assertThat(chunks).hasSize(inline.getChunks());
    assertThat(sha256(chunks.values())).isEqualTo(shard.getSha256());
  }

  private static String sha256(Iterable<Chunk> chunks) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      chunks.forEach(chunk -> digest.update(chunk.getData().duplicate()));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path weights(String name) {
    return pipeline.weights().resolve(name);
  }

  private static Weights small() {
    return Weights.of(2, SMALL_ROWS, 41);
  }

  private static Weights large() {
    return Weights.of(LAYERS, LARGE_ROWS, 42);
  }
}
