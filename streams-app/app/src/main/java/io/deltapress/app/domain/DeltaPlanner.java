package io.deltapress.app.domain;

import io.deltapress.schemas.Calibrated;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.GateMeasured;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.Surveyed;
import io.deltapress.schemas.SurveyedShard;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.TaskRefused;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state machine of one delta: parked, ready, surveying, the rungs of its ladder calibrated and
 * measured one after the other, pruning, then an artifact that waits to become a version. Every
 * method takes the state and one fact and returns what follows; nothing is remembered between
 * calls.
 *
 * <p>Completion is decided here and not by the queue: a task is answered when its first answer is
 * counted, is issued again when it is overdue or failed, and ends its submission as a dead letter
 * when its attempts are used up.
 */
public final class DeltaPlanner {
  /** What a version's record can name without outgrowing a Kafka record of a megabyte. */
  static final int MOST_SHARDS = 4096;

  private final PlannerSettings settings;
  private final TaskWriter tasks;
  private final TaskCare care;
  private final GateKeeper gateKeeper;
  private final Assembly assembly = new Assembly();

  public DeltaPlanner(PlannerSettings settings) {
    this.settings = settings;
    this.tasks = new TaskWriter(settings);
    this.care = new TaskCare(settings, tasks);
    this.gateKeeper = new GateKeeper(settings);
  }

  /** A valid request arrived. A delta of the model that is still in work gives way to it. */
  public Decision accept(
      ModelState model,
      DeltaRequest request,
      Optional<BaseFact> base,
      Optional<GatePolicy> policy,
      Instant now) {
    Optional<String> conflict =
        VersionExpectation.broken(request, request.expectedVersion(), model.headVersion());
    if (conflict.isPresent()) {
      return Endings.refuse(model, request, ReasonCode.VERSION_CONFLICT, conflict.get(), now);
    }
    if (base.isPresent() && !base.get().isUsable()) {
      return Endings.refuse(
          model, request, ReasonCode.UNKNOWN_BASE_REFUSED, refusedBase(base.get()), now);
    }
    if (request.usePolicy() && policy.isEmpty()) {
      return Endings.refuse(model, request, ReasonCode.POLICY_MISSING, noPolicy(request), now);
    }
    Decision superseded = Endings.supersede(model, request, now);
    DeltaState parked =
        DeltaState.parked(request, GateState.of(request, policy), settings.shardBytes(), now);
    Announcer announcer = new Announcer(request, 0, now);
    announcer.say(EventTypes.DELTA_ACCEPTED, "accepted for " + request.modelKey());
    if (base.isEmpty()) {
      announcer.say(EventTypes.DELTA_PARKED, "waits for base " + request.baseDigest());
    }
    DeltaState delta =
        base.map(usable -> parked.ready(usable, model.edits().lastOrder()))
            .orElse(parked)
            .announced(announcer.count());
    return new Decision(superseded.model().with(delta), announcer.events(), superseded.ended())
        .after(superseded.outputs());
  }

  private static String noPolicy(DeltaRequest request) {
    return "no policy covers %s and the submission leaves its method to one: set one with `deltapress"
            .formatted(request.modelKey())
        + " policy set`, or name a method";
  }

  /** The base that a parked delta waits for got its verdict. */
  public Decision baseChecked(ModelState model, BaseFact base, Instant now) {
    DeltaState delta = model.delta();
    boolean awaited =
        delta != null
            && delta.phase() == Phase.PARKED
            && delta.request().baseDigest().equals(base.digest());
    if (!awaited) {
      return Decision.nothing(model);
    }
    return base.isUsable()
        ? Decision.nothing(model.with(delta.ready(base, model.edits().lastOrder())))
        : Endings.reject(model, delta, ReasonCode.UNKNOWN_BASE_REFUSED, refusedBase(base), now);
  }

  private static String refusedBase(BaseFact base) {
    return "base %s was refused: %s".formatted(base.digest(), base.refusal());
  }

  /** Issues the next task of a delta that has one and a free place in its windows. */
  public Decision issueNext(ModelState model, Answers answers, Instant now) {
    DeltaState delta = model.delta();
    if (delta == null || !delta.hasTaskToIssue()) {
      return Decision.nothing(model);
    }
    int kind = nextKind(delta);
    TaskState task = TaskState.issued(kind, settings, now);
    String taskId = taskId(delta, kind);
    DeltaState next =
        switch (kind) {
          case TaskState.SURVEY -> delta.surveying(taskId, task);
          case TaskState.CALIBRATE, TaskState.GATE -> delta.waitingFor(taskId, task);
          default -> delta.pruning(taskId, task);
        };
    return new Decision(
        model.with(next), List.of(tasks.task(next, taskId, task, answers, now)), List.of());
  }

  private static int nextKind(DeltaState delta) {
    return switch (delta.phase()) {
      case READY -> TaskState.SURVEY;
      case CALIBRATING -> TaskState.CALIBRATE;
      case MEASURING -> TaskState.GATE;
      default -> delta.nextShard();
    };
  }

  private static String taskId(DeltaState delta, int kind) {
    String id = delta.request().submissionId();
    return switch (kind) {
      case TaskState.SURVEY -> TaskIds.survey(id);
      case TaskState.CALIBRATE -> TaskIds.calibrate(id, delta.gate().current());
      case TaskState.GATE -> TaskIds.gate(id, delta.gate().current());
      default -> TaskIds.shard(id, kind);
    };
  }

  /** Whether an answer counts: the first to a task in flight of the delta in work does. */
  public boolean awaits(ModelState model, WorkResult result) {
    DeltaState delta = model.delta();
    if (delta == null || !delta.request().submissionId().equals(result.getSubmissionId())) {
      return false;
    }
    TaskState task = delta.tasks().get(result.getTaskId());
    return task != null && fits(task, result);
  }

  private static boolean fits(TaskState task, WorkResult result) {
    Object outcome = WorkRecords.outcomeOf(result);
    if (outcome instanceof Surveyed) {
      return task.shard() == TaskState.SURVEY;
    }
    if (outcome instanceof Calibrated) {
      return task.shard() == TaskState.CALIBRATE;
    }
    if (outcome instanceof GateMeasured) {
      return task.shard() == TaskState.GATE;
    }
    if (outcome instanceof ShardPruned pruned) {
      return task.shard() == pruned.getManifest().getIndex();
    }
    if (outcome instanceof TaskFailed) {
      return task.standing() == TaskState.Standing.ISSUED && task.attempt() == result.getAttempt();
    }
    return outcome instanceof TaskRefused;
  }

  /** An answer that {@link #awaits} let through, and that the answers already contain. */
  public Decision answer(ModelState model, WorkResult result, Answers answers, Instant now) {
    DeltaState delta = inWork(model);
    String taskId = result.getTaskId();
    Object outcome = WorkRecords.outcomeOf(result);
    if (outcome instanceof Surveyed surveyed) {
      return surveyed(model, delta, taskId, surveyed, now);
    }
    if (outcome instanceof Calibrated calibrated) {
      return gateKeeper.calibrated(model, delta, taskId, calibrated, now);
    }
    if (outcome instanceof GateMeasured measured) {
      return gateKeeper.measured(model, delta, taskId, measured, now);
    }
    if (outcome instanceof ShardPruned) {
      return shardPruned(model, delta, taskId, answers, now);
    }
    if (outcome instanceof TaskRefused refused) {
      return Endings.reject(
          model, delta, TaskCare.reason(refused.getReasonCode()), refused.getMessage(), now);
    }
    return care.failed(model, delta, taskId, (TaskFailed) outcome, now);
  }

  private Decision surveyed(
      ModelState model, DeltaState delta, String taskId, Surveyed surveyed, Instant now) {
    int shards = surveyed.getShards().size();
    if (shards == 0) {
      return Endings.reject(
          model, delta, ReasonCode.INVALID_REQUEST, "the fine-tuned weights have no tensors", now);
    }
    if (shards > MOST_SHARDS) {
      String message =
          "the delta needs %d shards of %d bytes and a version names at most %d: raise shard.bytes";
      return Endings.reject(
          model,
          delta,
          ReasonCode.INVALID_REQUEST,
          message.formatted(shards, delta.shardBytes(settings.shardBytes()), MOST_SHARDS),
          now);
    }
    DeltaState next = delta.surveyed(taskId, findings(surveyed));
    Announcer announcer =
        new Announcer(delta.request(), delta.announced(), now)
            .sayProgress(EventTypes.DELTA_SURVEYED, shards + " shards to prune", 0, shards);
    return gateKeeper.tryRung(model, next.announced(1), now).after(announcer.events());
  }

  private DeltaState.SurveyFindings findings(Surveyed surveyed) {
    List<SurveyedShard> shards = surveyed.getShards();
    long estimated = shards.stream().mapToLong(SurveyedShard::getEstimatedArtifactBytes).sum();
    long parameters = shards.stream().mapToLong(SurveyedShard::getParameters).sum();
    Delivery delivery = estimated <= settings.inlineMaxBytes() ? Delivery.INLINE : Delivery.STORED;
    return new DeltaState.SurveyFindings(
        shards.size(), surveyed.getDenseBytes(), parameters, delivery);
  }

  private Decision shardPruned(
      ModelState model, DeltaState delta, String taskId, Answers answers, Instant now) {
    DeltaState next = delta.pruned(taskId);
    int done = next.prunedShards();
    int total = next.findings().shards();
    Announcer announcer =
        new Announcer(delta.request(), delta.announced(), now)
            .sayProgress(
                EventTypes.DELTA_SHARD_PRUNED,
                "pruned %d of %d".formatted(done, total),
                done,
                total);
    ModelState progressed = model.with(next.announced(1));
    if (!next.isFullyPruned()) {
      return new Decision(progressed, announcer.events(), List.of());
    }
    return assembly.check(progressed, answers, now).after(announcer.events());
  }

  /** Looks after tasks that are overdue or have paused long enough. */
  public Decision lookAfter(ModelState model, Answers answers, Instant now) {
    return model.delta() == null
        ? Decision.nothing(model)
        : care.lookAfter(model, model.delta(), answers, now);
  }

  private static DeltaState inWork(ModelState model) {
    DeltaState delta = model.delta();
    if (delta == null) {
      throw new IllegalArgumentException("no delta of " + model.key() + " is in work");
    }
    return delta;
  }
}
