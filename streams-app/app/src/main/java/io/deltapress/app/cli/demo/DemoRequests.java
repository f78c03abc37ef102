package io.deltapress.app.cli.demo;

import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditPolicy;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** The records that the demo writes, as a training job would write them. */
final class DemoRequests {
  static final String REQUESTER = "demo";

  /** Needs no training, so that it edits a pruned fine-tune as well as the base. */
  private static final String EDITOR = "ultraedit";

  private final Path reference;

  DemoRequests(Path reference) {
    this.reference = reference;
  }

  /** The digests are those of the list; workers compute them again. */
  BaseRegistration base(ReferenceModels.Base base) throws IOException {
    Path directory = reference.resolve(base.directory());
    try (Checkpoint checkpoint = Checkpoints.open(directory)) {
      return BaseRegistration.newBuilder()
          .setWeightsDigest(base.weightsDigest())
          .setName(base.name())
          .setLocation(directory.toRealPath().toString())
          .setStatus(BaseStatus.REGISTERED)
          .setTensorCount(checkpoint.tensors().size())
          .setParameterCount(
              checkpoint.tensors().values().stream().mapToLong(TensorInfo::elementCount).sum())
          .setTotalBytes(
              checkpoint.tensors().values().stream().mapToLong(TensorInfo::byteLength).sum())
          .setRegisteredBy(REQUESTER)
          .setRegisteredAt(now())
          .build();
    }
  }

  DeltaSubmission delta(DemoDelta delta, String baseDigest) throws IOException {
    DeltaSubmission.Builder submission =
        DeltaSubmission.newBuilder()
            .setSubmissionId(UUID.randomUUID().toString())
            .setTenant(delta.model().tenant())
            .setModel(delta.model().model())
            .setBaseDigest(baseDigest)
            .setFineTunedLocation(
                reference.resolve(delta.source().directory()).toRealPath().toString())
            .setFineTunedDigest(delta.source().weightsDigest())
            .setMethod(delta.method())
            .setPruneRate(delta.pruneRate())
            .setUsePolicy(delta.gated())
            .setValues(ValueCode.EXACT)
            .setInclude(List.of())
            .setExclude(List.of())
            .setRequestedBy(REQUESTER)
            .setSubmittedAt(now());
    if (delta.method() == CompressionMethod.DAREX_Q) {
      submission.setRescale(delta.rescale());
    }
    return submission.build();
  }

  /** Requests for edits of what a delta became, one JSON object per line. */
  Path edits(DemoDelta delta) {
    return reference.resolve("tasks").resolve(delta.source().model() + "-edits.jsonl");
  }

  /** Two points may be lost on tasks that are not those of the table. */
  Policy policy(DemoDelta delta) throws IOException {
    return Policy.newBuilder()
        .setScope(delta.model().toString())
        .setMethod(delta.method())
        .setPruneRates(List.of(0.99, 0.95, 0.9, 0.0))
        .setValues(ValueCode.EXACT)
        .setRescale(RescaleStrategy.GIVEN)
        .setCanaries(
            List.of(
                Canary.newBuilder()
                    .setName("validation")
                    .setTaskLocation(
                        reference.resolve(delta.source().validation()).toRealPath().toString())
                    .setMetric(CanaryMetric.EXACT_MATCH)
                    .build()))
        .setLargestDrop(0.02)
        .setWhenUnmeasured(WhenUnmeasured.REJECT)
        .setEdits(
            EditPolicy.newBuilder()
                .setEditor(EDITOR)
                .setLargestDrop(0.02)
                .setWhenUnmeasured(WhenUnmeasured.REJECT)
                .build())
        .setAuthor(REQUESTER)
        .setUpdatedAt(now())
        .build();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
