package io.deltapress.schemas.topic;

import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.FollowerStatus;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Every topic there is. Topics are created and the AsyncAPI page is generated from here. */
public final class Topics {
  /** What topic names start with unless another prefix is configured. */
  public static final String DEFAULT_PREFIX = "deltapress.";

  private static final String MODEL_KEY = "tenant/model";

  public static final Topic<BaseRegistration> BASES =
      topic(
          "bases",
          "Bases that deltas may name; a worker computes a base's digest before it is usable.",
          "weights digest",
          BaseRegistration.class,
          Retention.compacted());

  public static final Topic<Policy> POLICIES =
      topic(
          "policies",
          "What is measured before a delta becomes a version, and what becomes of one that fails.",
          "scope: *, a tenant, or tenant/model",
          Policy.class,
          Retention.compacted());

  public static final Topic<DeltaSubmission> DELTAS_SUBMITTED =
      topic(
          "deltas.submitted",
          "Requests to compress a fine-tune and serve it as its model's next version.",
          MODEL_KEY,
          DeltaSubmission.class,
          Retention.ofDays(30));

  public static final Topic<EditSubmission> EDITS_REQUESTED =
      topic(
          "edits.requested",
          "Requests to change what a model answers to a prompt.",
          MODEL_KEY,
          EditSubmission.class,
          Retention.ofDays(30));

  public static final Topic<ControlRequest> VERSIONS_CONTROL =
      topic(
          "versions.control",
          "Requests to revert or erase edits, roll back, cancel, or fold edits into a delta.",
          MODEL_KEY,
          ControlRequest.class,
          Retention.ofDays(30));

  public static final Topic<WorkTask> WORK_COMPRESS =
      new Topic<>(
          "work.compress",
          "The compress lane: surveys, shards to prune and checks of bases, for a share group.",
          "task id",
          WorkTask.class,
          Partitions.SINGLE,
          Retention.ofDays(7));

  public static final Topic<WorkTask> WORK_CALIBRATE =
      new Topic<>(
          "work.calibrate",
          "The calibrate lane: rescale factors to fit and gates to measure, for a share group.",
          "task id",
          WorkTask.class,
          Partitions.SINGLE,
          Retention.ofDays(7));

  public static final Topic<WorkTask> WORK_EDIT =
      new Topic<>(
          "work.edit",
          "The edit lane: batches of edits to compute and measure, for a share group.",
          "task id",
          WorkTask.class,
          Partitions.SINGLE,
          Retention.ofDays(7));

  public static final Topic<WorkResult> WORK_RESULTS =
      topic(
          "work.results",
          "Workers' answers to tasks.",
          "the task's return key: tenant/model, or the weights digest of a base",
          WorkResult.class,
          Retention.ofDays(7));

  public static final Topic<ModelVersion> SERVING_VERSIONS =
      topic(
          "serving.versions",
          "Versions of models with the manifest of their artifact; revoked ones stay and say so.",
          "tenant/model/000007",
          ModelVersion.class,
          Retention.compacted());

  public static final Topic<ModelHead> SERVING_HEADS =
      topic(
          "serving.heads",
          "The version of each model that followers serve.",
          MODEL_KEY,
          ModelHead.class,
          Retention.compacted());

  public static final Topic<Chunk> SERVING_CHUNKS =
      topic(
          "serving.chunks",
          "Slices of shards; a follower seeks to the offset its manifest names and never scans.",
          "shard sha256/000000",
          Chunk.class,
          Retention.compacted());

  public static final Topic<FollowerStatus> SERVING_STATUS =
      topic(
          "serving.status",
          "What each follower has loaded.",
          "host/tenant/model",
          FollowerStatus.class,
          Retention.compacted());

  public static final Topic<RegistryEvent> REGISTRY_EVENTS =
      topic(
          "registry.events",
          "Everything that happens, as CloudEvents 1.0 in binary mode.",
          "tenant/model, the weights digest of a base, or the scope of a policy",
          RegistryEvent.class,
          Retention.ofDays(30));

  public static final Topic<Rejection> REJECTIONS =
      topic(
          "rejections",
          "Submissions that ended because of what they asked for.",
          MODEL_KEY,
          Rejection.class,
          Retention.ofDays(30));

  public static final Topic<DeadLetter> DEAD_LETTERS =
      topic(
          "dead-letters",
          "Records and submissions the pipeline could not carry through; digests and codes only.",
          "the key of the record at fault",
          DeadLetter.class,
          Retention.ofDays(30));

  private Topics() {}

  /** Returns every topic, in the order of the flow. */
  public static List<Topic<?>> all() {
    return List.of(
        BASES,
        POLICIES,
        DELTAS_SUBMITTED,
        EDITS_REQUESTED,
        VERSIONS_CONTROL,
        WORK_COMPRESS,
        WORK_CALIBRATE,
        WORK_EDIT,
        WORK_RESULTS,
        SERVING_VERSIONS,
        SERVING_HEADS,
        SERVING_CHUNKS,
        SERVING_STATUS,
        REGISTRY_EVENTS,
        REJECTIONS,
        DEAD_LETTERS);
  }

  private static <V extends SpecificRecord> Topic<V> topic(
      String suffix, String purpose, String keyForm, Class<V> value, Retention retention) {
    return new Topic<>(suffix, purpose, keyForm, value, Partitions.CONFIGURED, retention);
  }
}
