package io.deltapress.app.domain;

import io.deltapress.format.artifact.ArtifactDigest;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.DeltaStatistics;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.TensorChecksum;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.topic.VersionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Turns the answers of all shards into a version and moves the head to it: the version first, the
 * head after it. Workers made the bytes durable before they answered.
 */
final class Assembly {
  /** Of the artifacts that workers of this release write. */
  private static final int FORMAT_VERSION = 1;

  /** Decides about a delta whose last shard was pruned. */
  Decision assemble(ModelState model, Answers answers, Instant now) {
    DeltaState delta = model.delta();
    if (delta == null || !delta.isFullyPruned()) {
      throw new IllegalArgumentException(model.key() + " has nothing to assemble");
    }
    DeltaRequest request = delta.request();
    List<ShardPruned> shards =
        IntStream.range(0, delta.findings().shards())
            .mapToObj(index -> answers.shard(request, index))
            .toList();
    List<TensorChecksum> checksums = new ArrayList<>();
    shards.forEach(shard -> checksums.addAll(shard.getChecksums()));
    Optional<String> broken = Checksums.broken(checksums);
    if (broken.isPresent()) {
      return Endings.deadLetter(model, delta, contradiction(request, broken.get()), now);
    }
    Optional<Verdict.Invalid> refusal = refusal(model, request, checksums);
    if (refusal.isPresent()) {
      Verdict.Invalid no = refusal.get();
      return Endings.reject(model, delta, no.reason(), no.message(), now);
    }
    ArtifactManifest artifact = artifact(delta, shards);
    String measured = delta.gate().artifactDigest();
    return measured == null || measured.equals(artifact.getArtifactDigest())
        ? publish(model, delta, shards, artifact, now)
        : Endings.deadLetter(
            model, delta, otherArtifact(request, artifact.getArtifactDigest(), measured), now);
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

  private static Optional<Verdict.Invalid> refusal(
      ModelState model, DeltaRequest request, List<TensorChecksum> checksums) {
    return VersionExpectation.broken(request, model.headVersion())
        .map(message -> new Verdict.Invalid(ReasonCode.VERSION_CONFLICT, message))
        .or(
            () ->
                otherWeights(request, Checksums.weightsDigest(checksums))
                    .map(
                        message ->
                            new Verdict.Invalid(ReasonCode.FINE_TUNED_DIGEST_MISMATCH, message)));
  }

  /** The submitter named the weights they mean; the workers saw the weights that are there. */
  private static Optional<String> otherWeights(DeltaRequest request, WeightsDigest seen) {
    return seen.hex().equals(request.fineTunedDigest())
        ? Optional.empty()
        : Optional.of(
            "weights at %s have digest %s and the submission says %s: submit again with the digest"
                    .formatted(request.fineTunedLocation(), seen.hex(), request.fineTunedDigest())
                + " of what is there");
  }

  private static Decision publish(
      ModelState model,
      DeltaState delta,
      List<ShardPruned> shards,
      ArtifactManifest artifact,
      Instant now) {
    DeltaRequest request = delta.request();
    int number = model.lastVersion() + 1;
    List<Output> outputs = new ArrayList<>();
    outputs.add(
        new Output(
            VersionKey.of(model.tenant(), model.model(), number).toString(),
            version(number, delta, shards, artifact, now)));
    outputs.add(new Output(model.key(), head(model, delta, number, now)));
    outputs.addAll(
        new Announcer(request, delta.announced(), now)
            .sayOfVersion(EventTypes.VERSION_PUBLISHED, "published version " + number, number)
            .sayOfVersion(EventTypes.HEAD_MOVED, "head is at version " + number, number)
            .events());
    return new Decision(
        model.published(number), outputs, List.of(new Decision.Ended(request, Ending.PUBLISHED)));
  }

  private static ModelVersion version(
      int number,
      DeltaState delta,
      List<ShardPruned> shards,
      ArtifactManifest artifact,
      Instant now) {
    DeltaRequest request = delta.request();
    List<DeltaStatistics> statistics = shards.stream().map(ShardPruned::getStatistics).toList();
    return ModelVersion.newBuilder()
        .setTenant(request.tenant())
        .setModel(request.model())
        .setVersion(number)
        .setState(VersionState.PUBLISHED)
        .setSubmissionId(request.submissionId())
        .setBaseDigest(request.baseDigest())
        .setBaseName(delta.knownBase().name())
        .setArtifact(artifact)
        .setGate(GateReports.report(delta.gate()))
        .setStatistics(CombinedStatistics.of(statistics))
        .setRequestedBy(request.requestedBy())
        .setSubmittedAt(request.submittedAt())
        .setPublishedAt(now)
        .setRevocation(null)
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

  private static ModelHead head(ModelState model, DeltaState delta, int number, Instant now) {
    DeltaRequest request = delta.request();
    return ModelHead.newBuilder()
        .setTenant(request.tenant())
        .setModel(request.model())
        .setVersion(number)
        .setPreviousVersion(model.headVersion() == 0 ? null : model.headVersion())
        .setBaseDigest(request.baseDigest())
        .setMovedAt(now)
        .setMovedBy(request.requestedBy())
        .setReason("published submission " + request.submissionId())
        .build();
  }
}
