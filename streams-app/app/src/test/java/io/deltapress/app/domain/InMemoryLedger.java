package io.deltapress.app.domain;

import io.deltapress.schemas.Calibrated;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.Surveyed;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A ledger in maps. */
public final class InMemoryLedger implements PlanningLedger {
  final Map<String, ModelState> models = new TreeMap<>();
  final Map<String, SubmissionMark> marks = new HashMap<>();
  final Map<String, GatePolicy> policies = new HashMap<>();
  final Map<String, BaseFact> bases = new HashMap<>();
  final Map<String, WorkResult> answers = new HashMap<>();
  final Map<String, TreeMap<Integer, LedgerEdit>> edits = new HashMap<>();
  final Map<String, Map<String, LedgerEdit>> retired = new HashMap<>();
  final Map<String, TreeMap<Integer, ModelVersion>> versions = new HashMap<>();

  @Override
  public Optional<ModelState> model(String modelKey) {
    return Optional.ofNullable(models.get(modelKey));
  }

  @Override
  public List<ModelState> modelsInWork() {
    return models.values().stream().filter(ModelState::isInWork).toList();
  }

  @Override
  public void keep(ModelState model) {
    models.put(model.key(), model);
  }

  @Override
  public List<LedgerEdit> edits(String modelKey) {
    return List.copyOf(edits.getOrDefault(modelKey, new TreeMap<>()).values());
  }

  @Override
  public Optional<LedgerEdit> retiredEdit(String modelKey, String editId) {
    return Optional.ofNullable(retired.getOrDefault(modelKey, Map.of()).get(editId));
  }

  @Override
  public List<LedgerEdit> retiredEdits(String modelKey) {
    return List.copyOf(retired.getOrDefault(modelKey, Map.of()).values());
  }

  @Override
  public Optional<ModelVersion> version(String modelKey, int version) {
    return Optional.ofNullable(versions.getOrDefault(modelKey, new TreeMap<>()).get(version));
  }

  @Override
  public List<ModelVersion> versions(String modelKey) {
    return List.copyOf(versions.getOrDefault(modelKey, new TreeMap<>()).values());
  }

  @Override
  public void apply(String modelKey, LedgerChange change) {
    Map<Integer, LedgerEdit> inUse = edits.computeIfAbsent(modelKey, key -> new TreeMap<>());
    Map<String, LedgerEdit> gone = retired.computeIfAbsent(modelKey, key -> new TreeMap<>());
    if (change instanceof LedgerChange.Kept kept) {
      inUse.put(kept.edit().order(), kept.edit());
    } else if (change instanceof LedgerChange.Dropped dropped) {
      inUse.remove(dropped.edit().order());
    } else if (change instanceof LedgerChange.Retired old) {
      inUse.remove(old.edit().order());
      gone.put(old.edit().id(), old.edit());
    } else if (change instanceof LedgerChange.Restored back) {
      gone.remove(back.edit().id());
      inUse.put(back.edit().order(), back.edit());
    } else if (change instanceof LedgerChange.Erased erased) {
      inUse.remove(erased.edit().order());
      gone.remove(erased.edit().id());
      marks.computeIfPresent(modelKey + "/" + erased.edit().id(), (key, mark) -> mark.erased());
    } else {
      ModelVersion version = ((LedgerChange.Versioned) change).version();
      versions.computeIfAbsent(modelKey, key -> new TreeMap<>()).put(version.getVersion(), version);
    }
  }

  @Override
  public Optional<SubmissionMark> mark(String submissionKey) {
    return Optional.ofNullable(marks.get(submissionKey));
  }

  @Override
  public void keep(String submissionKey, SubmissionMark mark) {
    marks.put(submissionKey, mark);
  }

  @Override
  public void forgetMarksBefore(Instant time) {
    marks.values().removeIf(mark -> mark.seenAt().isBefore(time));
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
  public Optional<GatePolicy> policy(String scope) {
    return Optional.ofNullable(policies.get(scope));
  }

  @Override
  public void keep(GatePolicy policy) {
    policies.put(policy.scope(), policy.removed() ? null : policy);
  }

  @Override
  public void keep(WorkResult answer) {
    answers.put(answer.getTaskId(), answer);
  }

  @Override
  public void forgetAnswers(DeltaRequest request) {
    answers.keySet().removeIf(taskId -> taskId.startsWith(request.submissionId() + "/"));
  }

  @Override
  public Surveyed survey(DeltaRequest request) {
    return (Surveyed) answer(TaskIds.survey(request.submissionId()));
  }

  @Override
  public Calibrated calibrated(DeltaRequest request, int rung) {
    return (Calibrated) answer(TaskIds.calibrate(request.submissionId(), rung));
  }

  @Override
  public ShardPruned shard(DeltaRequest request, int index) {
    return (ShardPruned) answer(TaskIds.shard(request.submissionId(), index));
  }

  private Object answer(String taskId) {
    return WorkRecords.outcomeOf(Objects.requireNonNull(answers.get(taskId)));
  }
}
