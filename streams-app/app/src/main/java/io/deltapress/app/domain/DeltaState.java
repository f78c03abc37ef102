package io.deltapress.app.domain;

import io.deltapress.schemas.Delivery;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A delta between its acceptance and its end. Small whatever the size of the model: answers are
 * kept elsewhere.
 *
 * @param acceptedAt orders the deltas of a tenant
 * @param base null as long as the delta is parked
 * @param survey what the survey found; null before
 * @param nextShard the first shard whose task was never issued
 * @param prunedShards how many shards are done
 * @param announced events so far; numbers the next one
 * @param tasks issued and unanswered, by task id
 */
public record DeltaState(
    DeltaRequest request,
    Phase phase,
    Instant acceptedAt,
    @Nullable BaseFact base,
    @Nullable SurveyFindings survey,
    int nextShard,
    int prunedShards,
    int announced,
    SortedMap<String, TaskState> tasks) {

  /**
   * What planning needs of a survey.
   *
   * @param shards how many there are
   * @param denseBytes of the fine-tuned weights
   * @param parameters of the fine-tuned weights
   */
  public record SurveyFindings(int shards, long denseBytes, long parameters, Delivery delivery) {}

  /** Copies the tasks, so that the state is immutable. */
  public DeltaState {
    tasks = Collections.unmodifiableSortedMap(new TreeMap<>(tasks));
  }

  static DeltaState parked(DeltaRequest request, Instant now) {
    return new DeltaState(
        request, Phase.PARKED, now, null, null, 0, 0, 0, Collections.emptySortedMap());
  }

  /** Whether the delta would use a free place in its windows. */
  boolean hasTaskToIssue() {
    return phase == Phase.READY || (phase == Phase.PRUNING && nextShard < findings().shards());
  }

  boolean isFullyPruned() {
    return phase == Phase.PRUNING && prunedShards == findings().shards();
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

  DeltaState ready(BaseFact usable) {
    return copy(Phase.READY, usable, survey, nextShard, prunedShards, announced, tasks);
  }

  DeltaState surveying(String taskId, TaskState task) {
    return copy(Phase.SURVEYING, base, survey, 0, 0, announced, with(taskId, task));
  }

  DeltaState surveyed(String taskId, SurveyFindings findings) {
    return copy(Phase.PRUNING, base, findings, 0, 0, announced, without(taskId));
  }

  DeltaState pruning(String taskId, TaskState task) {
    return copy(phase, base, survey, nextShard + 1, prunedShards, announced, with(taskId, task));
  }

  DeltaState pruned(String taskId) {
    return copy(phase, base, survey, nextShard, prunedShards + 1, announced, without(taskId));
  }

  DeltaState waitingFor(String taskId, TaskState task) {
    return copy(phase, base, survey, nextShard, prunedShards, announced, with(taskId, task));
  }

  DeltaState announced(int events) {
    return copy(phase, base, survey, nextShard, prunedShards, announced + events, tasks);
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
      int nextNextShard,
      int nextPrunedShards,
      int nextAnnounced,
      SortedMap<String, TaskState> nextTasks) {
    return new DeltaState(
        request,
        nextPhase,
        acceptedAt,
        nextBase,
        nextSurvey,
        nextNextShard,
        nextPrunedShards,
        nextAnnounced,
        nextTasks);
  }
}
