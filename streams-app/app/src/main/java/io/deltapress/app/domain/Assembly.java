package io.deltapress.app.domain;

import io.deltapress.format.artifact.ArtifactDigest;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.DeltaStatistics;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.TensorChecksum;
import io.deltapress.schemas.VersionCause;
import io.deltapress.schemas.VersionState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Turns the answers of all shards into a version. Workers made the bytes durable before they
 * answered.
 */
final class Assembly {
  /** Of the artifacts that workers of this release write. */
  private static final int FORMAT_VERSION = 1;

  /** Whether what was pruned makes a version: if so it waits for its turn to become one. */
  Decision check(ModelState model, Answers answers, Instant now) {
    DeltaState delta = pruned(model);
    DeltaRequest request = delta.request();
    List<ShardPruned> shards = shards(delta, answers);
    List<TensorChecksum> checksums = new ArrayList<>();
    shards.forEach(shard -> checksums.addAll(shard.getChecksums()));
    Optional<String> broken = Checksums.broken(checksums);
    if (broken.isPresent()) {
      return Endings.deadLetter(model, delta, contradiction(request, broken.get()), now);
    }
    Optional<Refusal> refusal =
        conflict(model).or(() -> otherWeights(request, Checksums.weightsDigest(checksums)));
    if (refusal.isPresent()) {
      Refusal no = refusal.get();
      return Endings.reject(model, delta, no.reason(), no.message(), now);
    }
    ArtifactManifest artifact = artifact(delta, shards);
    String measured = delta.gate().artifactDigest();
    return measured == null || measured.equals(artifact.getArtifactDigest())
        ? Decision.nothing(model.with(delta.at(Phase.ASSEMBLED)))
        : Endings.deadLetter(
            model, delta, otherArtifact(request, artifact.getArtifactDigest(), measured), now);
  }

  private static DeltaState pruned(ModelState model) {
    DeltaState delta = model.delta();
    if (delta == null || !delta.isFullyPruned()) {
      throw new IllegalArgumentException(model.key() + " has nothing to assemble");
    }
    return delta;
  }

  private static List<ShardPruned> shards(DeltaState delta, Answers answers) {
    return IntStream.range(0, delta.findings().shards())
        .mapToObj(index -> answers.shard(delta.request(), index))
        .toList();
  }

  /** Compression is deterministic: other bytes than the measured ones were never measured. */
  private static Endings.Fault otherArtifact(
      DeltaRequest request, String published, String measured) {
    String message =
        "the shards of submission %s make artifact %s and the gate measured %s: see that all workers"
                .formatted(request.submissionId(), published, measured)
            + " run one release, and submit again";
    return new Endings.Fault(ReasonCode.INTEGRITY_MISMATCH, message, null, 1);
  }

  private static Endings.Fault contradiction(DeltaRequest request, String broken) {
    String message =
        "the shards of submission %s do not make one checkpoint: %s"
            .formatted(request.submissionId(), broken);
    return new Endings.Fault(ReasonCode.WORKER_ERROR, message, null, 1);
  }

  /** Why the delta may not become the version after the head; empty if it may. */
  static Optional<Refusal> conflict(ModelState model) {
    DeltaRequest request = pruned(model).request();
    return VersionExpectation.broken(request, request.expectedVersion(), model.headVersion())
        .map(message -> new Refusal(ReasonCode.VERSION_CONFLICT, message));
  }

  /** The submitter named the weights they mean; the workers saw the weights that are there. */
  private static Optional<Refusal> otherWeights(DeltaRequest request, WeightsDigest seen) {
    String message =
        "weights at %s have digest %s and the submission says %s: submit again with the digest"
                .formatted(request.fineTunedLocation(), seen.hex(), request.fineTunedDigest())
            + " of what is there";
    return seen.hex().equals(request.fineTunedDigest())
        ? Optional.empty()
        : Optional.of(new Refusal(ReasonCode.FINE_TUNED_DIGEST_MISMATCH, message));
  }

  /** The version that a checked delta makes, without any edit. */
  ModelVersion version(ModelState model, Answers answers, Instant now) {
    DeltaState delta = pruned(model);
    DeltaRequest request = delta.request();
    List<ShardPruned> shards = shards(delta, answers);
    List<DeltaStatistics> statistics = shards.stream().map(ShardPruned::getStatistics).toList();
    return ModelVersion.newBuilder()
        .setTenant(request.tenant())
        .setModel(request.model())
        .setVersion(model.lastVersion() + 1)
        .setState(VersionState.PUBLISHED)
        .setSubmissionId(request.submissionId())
        .setBaseDigest(request.baseDigest())
        .setBaseName(delta.knownBase().name())
        .setArtifact(artifact(delta, shards))
        .setGate(GateReports.report(delta.gate()))
        .setStatistics(CombinedStatistics.of(statistics))
        .setRequestedBy(request.requestedBy())
        .setSubmittedAt(request.submittedAt())
        .setPublishedAt(now)
        .setRevocation(null)
        .setCause(new VersionCause("delta", List.of(request.submissionId()), null))
        .build();
  }

  private static ArtifactManifest artifact(DeltaState delta, List<ShardPruned> shards) {
    DeltaRequest request = delta.request();
    Rung rung = delta.gate().rung();
    List<ShardManifest> manifests = shards.stream().map(ShardPruned::getManifest).toList();
    return ArtifactManifest.newBuilder()
        .setArtifactDigest(
            ArtifactDigest.of(manifests.stream().map(ShardManifest::getSha256).toList()).hex())
        .setFormatVersion(FORMAT_VERSION)
        .setMethod(rung.method())
        .setPruneRate(rung.pruneRate())
        .setRescale(rung.rescale())
        .setSeed(request.seed())
        .setValues(rung.values())
        .setShards(manifests)
        .setTotalBytes(manifests.stream().mapToLong(ShardManifest::getLength).sum())
        .setDenseBytes(delta.findings().denseBytes())
        .setParameters(delta.findings().parameters())
        .setFineTunedDigest(request.fineTunedDigest())
        .build();
  }
}
