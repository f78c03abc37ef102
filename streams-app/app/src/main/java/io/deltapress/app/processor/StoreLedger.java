package io.deltapress.app.processor;

import io.deltapress.app.domain.BaseFact;
import io.deltapress.app.domain.DeltaRequest;
import io.deltapress.app.domain.GatePolicy;
import io.deltapress.app.domain.LedgerChange;
import io.deltapress.app.domain.LedgerEdit;
import io.deltapress.app.domain.ModelState;
import io.deltapress.app.domain.PlanningLedger;
import io.deltapress.app.domain.SubmissionMark;
import io.deltapress.app.domain.TaskIds;
import io.deltapress.schemas.Calibrated;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.Surveyed;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The ledger in the stores of a task; the transaction of the task makes a turn atomic.
 *
 * <p><b>Threading notes.</b> Used by the stream thread of the task only.
 */
final class StoreLedger implements PlanningLedger {
  private final KeyValueStore<String, ModelState> models;
  private final KeyValueStore<String, SubmissionMark> submissions;
  private final KeyValueStore<String, WorkResult> answers;
  private final KeyValueStore<String, BaseFact> bases;
  private final KeyValueStore<String, GatePolicy> policies;
  private final StoredEdits edits;

  /** A survey may be as large as a record can be and is needed for each of its shards. */
  private final Map<String, Surveyed> recentSurveys = new RecentlyUsed<>(16);

  StoreLedger(ProcessorContext<?, ?> context) {
    this.models = context.getStateStore(Stores.PLANNER_MODELS);
    this.submissions = context.getStateStore(Stores.PLANNER_SUBMISSIONS);
    this.answers = context.getStateStore(Stores.PLANNER_ANSWERS);
    this.bases = context.getStateStore(Stores.PLANNER_BASES);
    this.policies = context.getStateStore(Stores.PLANNER_POLICIES);
    this.edits = new StoredEdits(context);
  }

  @Override
  public Optional<ModelState> model(String modelKey) {
    return Optional.ofNullable(models.get(modelKey));
  }

  @Override
  public List<ModelState> modelsInWork() {
    List<ModelState> inWork = new ArrayList<>();
    try (KeyValueIterator<String, ModelState> all = models.all()) {
      all.forEachRemaining(
          entry -> {
            if (entry.value.isInWork()) {
              inWork.add(entry.value);
            }
          });
    }
    return inWork;
  }

  @Override
  public void keep(ModelState model) {
    models.put(model.key(), model);
  }

  @Override
  public Optional<SubmissionMark> mark(String submissionKey) {
    return Optional.ofNullable(submissions.get(submissionKey));
  }

  @Override
  public void keep(String submissionKey, SubmissionMark mark) {
    submissions.put(submissionKey, mark);
  }

  @Override
  public void forgetMarksBefore(Instant time) {
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, SubmissionMark> all = submissions.all()) {
      while (all.hasNext()) {
        KeyValue<String, SubmissionMark> entry = all.next();
        if (entry.value.seenAt().isBefore(time)) {
          old.add(entry.key);
        }
      }
    }
    old.forEach(submissions::delete);
  }

  @Override
  public Optional<BaseFact> base(String weightsDigest) {
    return Optional.ofNullable(bases.get(weightsDigest));
  }

  @Override
  public void keep(BaseFact base) {
    bases.put(base.digest(), base);
  }

  @Override
  public List<LedgerEdit> edits(String modelKey) {
    return edits.inUse(modelKey);
  }

  @Override
  public Optional<LedgerEdit> retiredEdit(String modelKey, String editId) {
    return edits.retired(modelKey, editId);
  }

  @Override
  public List<LedgerEdit> retiredEdits(String modelKey) {
    return edits.retired(modelKey);
  }

  @Override
  public Optional<ModelVersion> version(String modelKey, int version) {
    return edits.version(modelKey, version);
  }

  @Override
  public List<ModelVersion> versions(String modelKey) {
    return edits.versions(modelKey);
  }

  @Override
  public void apply(String modelKey, LedgerChange change) {
    if (change instanceof LedgerChange.Erased erased) {
      String key = modelKey + "/" + erased.edit().request().submissionId();
      mark(key).ifPresent(mark -> keep(key, mark.erased()));
    }
    edits.apply(modelKey, change);
  }

  @Override
  public Optional<GatePolicy> policy(String scope) {
    return Optional.ofNullable(policies.get(scope));
  }

  @Override
  public void keep(GatePolicy policy) {
    policies.put(policy.scope(), policy.removed() ? null : policy);
  }

  @Override
  public void keep(WorkResult answer) {
    String modelKey = answer.getTenant() + "/" + answer.getModel();
    answers.put(modelKey + "/" + answer.getTaskId(), answer);
  }

  @Override
  public void forgetAnswers(DeltaRequest request) {
    recentSurveys.remove(surveyKey(request));
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, WorkResult> all =
        answers.prefixScan(key(request, request.submissionId() + "/"), new StringSerializer())) {
      all.forEachRemaining(entry -> old.add(entry.key));
    }
    old.forEach(answers::delete);
  }

  @Override
  public Surveyed survey(DeltaRequest request) {
    return recentSurveys.computeIfAbsent(
        surveyKey(request), key -> (Surveyed) answer(key).getOutcome());
  }

  @Override
  public Calibrated calibrated(DeltaRequest request, int rung) {
    String key = key(request, TaskIds.calibrate(request.submissionId(), rung));
    return (Calibrated) Objects.requireNonNull(WorkRecords.outcomeOf(answer(key)), key);
  }

  @Override
  public ShardPruned shard(DeltaRequest request, int index) {
    return (ShardPruned) answer(shardKey(request, index)).getOutcome();
  }

  private WorkResult answer(String key) {
    WorkResult answer = answers.get(key);
    if (answer == null) {
      throw new IllegalStateException("no answer is kept for task " + key);
    }
    return answer;
  }

  private static String surveyKey(DeltaRequest request) {
    return key(request, TaskIds.survey(request.submissionId()));
  }

  private static String shardKey(DeltaRequest request, int shard) {
    return key(request, TaskIds.shard(request.submissionId(), shard));
  }

  private static String key(DeltaRequest request, String taskId) {
    return request.modelKey() + "/" + taskId;
  }
}
