package io.deltapress.app.domain;

import io.deltapress.schemas.Delivery;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A delta between its acceptance and its end. Small whatever the size of the model: answers are
 * kept elsewhere.
 *
 * @param acceptedAt orders the deltas of a tenant
 * @param shardBytes most base bytes of a shard, the same in all its tasks whatever the setting
 *     becomes; 0 in state of earlier releases, which follows the setting
 * @param base null as long as the delta is parked
 * @param survey what the survey found; null before
 * @param gate how far it has come on its ladder
 * @param nextShard the first shard whose task was never issued
 * @param prunedShards how many shards are done
 * @param announced events so far; numbers the next one
 * @param tasks issued and unanswered, by task id
 * @param editsBefore the last edit or command that was accepted before it; later ones wait for it,
 *     unless it is parked
 */
public record DeltaState(
    DeltaRequest request,
    Phase phase,
    Instant acceptedAt,
    long shardBytes,
    @Nullable BaseFact base,
    @Nullable SurveyFindings survey,
    GateState gate,
    int nextShard,
    int prunedShards,
    int announced,
    SortedMap<String, TaskState> tasks,
    int editsBefore) {

  /**
   * What planning needs of a survey.
   *
   * @param shards how many there are
   * @param denseBytes of the fine-tuned weights
   * @param parameters of the fine-tuned weights
   */
  public record SurveyFindings(int shards, long denseBytes, long parameters, Delivery delivery) {}

  /** Copies the tasks, so that the state is immutable; state of earlier releases has no gate. */
  public DeltaState {
    gate = gate == null ? GateState.of(request, Optional.empty()) : gate;
    tasks = Collections.unmodifiableSortedMap(new TreeMap<>(tasks));
  }

  static DeltaState parked(DeltaRequest request, GateState gate, long shardBytes, Instant now) {
    return new DeltaState(
        request,
        Phase.PARKED,
        now,
        shardBytes,
        null,
        null,
        gate,
        0,
        0,
        0,
        Collections.emptySortedMap(),
        0);
  }

  /** Whether the delta would use a free place in its windows. */
  boolean hasTaskToIssue() {
    return switch (phase) {
      case READY -> true;
      case CALIBRATING, MEASURING -> tasks.isEmpty();
      case PRUNING -> nextShard < findings().shards();
      case PARKED, SURVEYING, ASSEMBLED, REPLAYING -> false;
    };
  }

  /** Where the task goes that it would issue next. */
  Lane nextLane() {
    return phase == Phase.CALIBRATING || phase == Phase.MEASURING ? Lane.CALIBRATE : Lane.COMPRESS;
  }

  boolean isFullyPruned() {
    return survey != null && prunedShards == survey.shards();
  }

  /**
   * The shard size that its plan follows.
   *
   * @param setting of now, for deltas that have none of their own
   */
  long shardBytes(long setting) {
    return shardBytes == 0 ? setting : shardBytes;
  }

  BaseFact knownBase() {
    if (base == null) {
      throw new IllegalStateException("the delta " + request.submissionId() + " is parked");
    }
    return base;
  }

  SurveyFindings findings() {
    if (survey == null) {
      throw new IllegalStateException("the delta " + request.submissionId() + " has no survey");
    }
    return survey;
  }

  /** Its base is usable: from now on it has its place among the edits of its model. */
  DeltaState ready(BaseFact usable, int lastOrder) {
    return new DeltaState(
        request,
        Phase.READY,
        acceptedAt,
        shardBytes,
        usable,
        survey,
        gate,
        nextShard,
        prunedShards,
        announced,
        tasks,
        lastOrder);
  }

  /** Whether an edit or command waits for it. */
  boolean isBefore(int order) {
    return phase != Phase.PARKED && order > editsBefore;
  }

  DeltaState at(Phase next) {
    return copy(next, base, survey, gate, nextShard, prunedShards, announced, tasks);
  }

  DeltaState with(GateState next) {
    return copy(phase, base, survey, next, nextShard, prunedShards, announced, tasks);
  }

  /** After the size of its artifact became known. */
  DeltaState deliveredAs(Delivery delivery) {
    SurveyFindings known = findings();
    SurveyFindings next =
        new SurveyFindings(known.shards(), known.denseBytes(), known.parameters(), delivery);
    return copy(phase, base, next, gate, nextShard, prunedShards, announced, tasks);
  }

  DeltaState surveying(String taskId, TaskState task) {
    return copy(Phase.SURVEYING, base, survey, gate, 0, 0, announced, with(taskId, task));
  }

  DeltaState surveyed(String taskId, SurveyFindings findings) {
    return copy(phase, base, findings, gate, 0, 0, announced, without(taskId));
  }

  DeltaState pruning(String taskId, TaskState task) {
    return copy(
        phase, base, survey, gate, nextShard + 1, prunedShards, announced, with(taskId, task));
  }

  DeltaState pruned(String taskId) {
    return copy(phase, base, survey, gate, nextShard, prunedShards + 1, announced, without(taskId));
  }

  /** A task of it is answered. */
  DeltaState answered(String taskId) {
    return copy(phase, base, survey, gate, nextShard, prunedShards, announced, without(taskId));
  }

  DeltaState waitingFor(String taskId, TaskState task) {
    return copy(phase, base, survey, gate, nextShard, prunedShards, announced, with(taskId, task));
  }

  DeltaState announced(int events) {
    return copy(phase, base, survey, gate, nextShard, prunedShards, announced + events, tasks);
  }

  private SortedMap<String, TaskState> with(String taskId, TaskState task) {
    SortedMap<String, TaskState> changed = new TreeMap<>(tasks);
    changed.put(taskId, task);
    return changed;
  }

  private SortedMap<String, TaskState> without(String taskId) {
    SortedMap<String, TaskState> changed = new TreeMap<>(tasks);
    changed.remove(taskId);
    return changed;
  }

  private DeltaState copy(
      Phase nextPhase,
      @Nullable BaseFact nextBase,
      @Nullable SurveyFindings nextSurvey,
      GateState nextGate,
      int nextNextShard,
      int nextPrunedShards,
      int nextAnnounced,
      SortedMap<String, TaskState> nextTasks) {
    return new DeltaState(
        request,
        nextPhase,
        acceptedAt,
        shardBytes,
        nextBase,
        nextSurvey,
        nextGate,
        nextNextShard,
        nextPrunedShards,
        nextAnnounced,
        nextTasks,
        editsBefore);
  }
}
