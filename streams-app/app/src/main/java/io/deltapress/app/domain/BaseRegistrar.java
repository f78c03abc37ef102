package io.deltapress.app.domain;

import io.deltapress.schemas.BaseChecked;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.TaskRefused;
import io.deltapress.schemas.WorkResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which bases may be used. Whatever the {@code bases} topic says, a base is usable only
 * once a worker has computed its digest itself; a verdict found there that was not written here is
 * a registration like any other.
 *
 * <p>A base that is usable stays so, at the location known to be right, when a later registration
 * of the same digest is refused.
 */
public final class BaseRegistrar {
  private final PlannerSettings settings;
  private final TaskWriter tasks;
  private final String topic;

  /**
   * @param topic that registrations come from, for dead letters to name
   */
  public BaseRegistrar(PlannerSettings settings, String topic) {
    this.settings = settings;
    this.tasks = new TaskWriter(settings);
    this.topic = topic;
  }

  /** What follows from one fact about one base. */
  public record Decision(BaseState base, List<Output> outputs) {
    /** Copies the outputs, so that the decision is immutable. */
    public Decision {
      outputs = List.copyOf(outputs);
    }

    static Decision nothing(BaseState base) {
      return new Decision(base, List.of());
    }
  }

  /** A record of the {@code bases} topic was read. */
  public Decision registered(
      Optional<BaseState> known, BaseRegistration registration, Instant now) {
    BaseEntry entry = BaseEntry.of(registration);
    BaseState base = known.orElseGet(() -> BaseState.unheardOf(entry.weightsDigest()));
    if (base.expectsEcho(entry)) {
      return Decision.nothing(base.withoutEcho(entry));
    }
    Optional<String> broken = broken(entry);
    if (broken.isPresent()) {
      // A refusal that says so already may be our own, read back.
      boolean isRefused =
          entry.status() == BaseStatus.REFUSED && broken.get().equals(entry.refusal());
      return isRefused && base.usable() == null
          ? Decision.nothing(base)
          : refuse(base, entry, broken.get(), null, now);
    }
    TaskState check =
        new TaskState(
            TaskState.SURVEY, 1, TaskState.Standing.ISSUED, settings.deadline(Lane.COMPRESS, now));
    return new Decision(base.checking(entry, check), List.of(task(entry, check, now)));
  }

  private static Optional<String> broken(BaseEntry entry) {
    if (!Names.isDigest(entry.weightsDigest())) {
      return Optional.of("the key is not a weights digest: it has 64 characters of 0-9 a-f");
    }
    if (entry.location().isBlank()) {
      return Optional.of("the location is empty: say where the weights are");
    }
    return entry.name().isBlank()
        ? Optional.of("the name is empty: give the base a name")
        : Optional.empty();
  }

  private Output task(BaseEntry entry, TaskState check, Instant now) {
    return tasks.baseCheck(entry.weightsDigest(), entry.location(), check, now);
  }

  /** A worker answered the check of a base; only the first answer to the check in flight counts. */
  public Decision answered(BaseState base, WorkResult result, Instant now) {
    BaseEntry candidate = base.candidate();
    TaskState check = base.task();
    if (candidate == null || check == null || !isAbout(candidate, result)) {
      return Decision.nothing(base);
    }
    Object outcome = result.getOutcome();
    if (outcome instanceof BaseChecked checked) {
      return checked(base, candidate, checked, result.getWorker(), now);
    }
    if (outcome instanceof TaskRefused refused) {
      return refuse(base, candidate, refused.getMessage(), result.getWorker(), now);
    }
    return outcome instanceof TaskFailed failure && check.attempt() == result.getAttempt()
        ? failed(base, check, failure, now)
        : Decision.nothing(base);
  }

  /** An answer about another location says nothing about this one. */
  private static boolean isAbout(BaseEntry candidate, WorkResult result) {
    return result
        .getTaskId()
        .equals(TaskIds.baseCheck(candidate.weightsDigest(), candidate.location()));
  }

  private static Decision checked(
      BaseState base, BaseEntry candidate, BaseChecked checked, String worker, Instant now) {
    if (!checked.getWeightsDigest().equals(candidate.weightsDigest())) {
      String why =
          "weights at %s have digest %s: register them under that"
              .formatted(candidate.location(), checked.getWeightsDigest());
      return refuse(base, candidate, why, worker, now);
    }
    BaseEntry usable =
        new BaseEntry(
            candidate.weightsDigest(),
            candidate.name(),
            candidate.location(),
            BaseStatus.USABLE,
            null,
            checked.getTensorCount(),
            checked.getParameterCount(),
            checked.getTotalBytes(),
            candidate.registeredBy(),
            candidate.registeredAt(),
            worker,
            now);
    String message = "base %s is usable".formatted(usable.name());
    return settle(base, usable, usable, EventTypes.BASE_USABLE, message, now);
  }

  private static Decision refuse(
      BaseState base, BaseEntry candidate, String why, @Nullable String worker, Instant now) {
    BaseEntry refused = candidate.refused(why, worker, now);
    BaseEntry usable = base.usable();
    BaseEntry written = usable == null ? refused : usable;
    return settle(base, usable, written, EventTypes.BASE_REFUSED, why, now);
  }

  private static Decision settle(
      BaseState base,
      @Nullable BaseEntry found,
      BaseEntry written,
      String type,
      String message,
      Instant now) {
    RegistryEvent event =
        RegistryEvent.newBuilder()
            .setEventId(EventIds.of(base.digest(), type, base.announced()))
            .setType(type)
            .setSource(EventIds.SOURCE)
            .setTime(now)
            .setTenant("")
            .setModel("")
            .setMessage(message)
            .build();
    return new Decision(
        base.settled(found, written),
        List.of(new Output(base.digest(), written.toRecord()), new Output(base.digest(), event)));
  }

  private Decision failed(BaseState base, TaskState check, TaskFailed failure, Instant now) {
    boolean quarantined = failure.getReasonCode().equals(ReasonCode.TASK_QUARANTINED.name());
    if (quarantined || check.attempt() >= settings.taskAttempts()) {
      return giveUp(
          base, check, failure.getReasonCode(), failure.getMessage(), failure.getErrorClass(), now);
    }
    TaskState paused = check.paused(settings.endOfPause(check.attempt(), now));
    return Decision.nothing(base.waitingFor(paused));
  }

  /** Looks after a check that is overdue or has paused long enough. */
  public Decision lookAfter(BaseState base, Instant now) {
    BaseEntry candidate = base.candidate();
    TaskState check = base.task();
    if (candidate == null || check == null || !check.isDue(now)) {
      return Decision.nothing(base);
    }
    if (check.attempt() >= settings.taskAttempts()) {
      String message =
          "the check of base %s was not answered in %d attempts: see that workers run, register again"
              .formatted(base.digest(), check.attempt());
      return giveUp(base, check, ReasonCode.TASK_DEADLINE_EXCEEDED.name(), message, null, now);
    }
    TaskState again = check.reissued(settings.deadline(Lane.COMPRESS, now));
    return new Decision(base.waitingFor(again), List.of(task(candidate, again, now)));
  }

  private Decision giveUp(
      BaseState base,
      TaskState check,
      String reason,
      String message,
      @Nullable String errorClass,
      Instant now) {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setInputTopic(topic)
            .setInputPartition(-1)
            .setInputOffset(-1)
            .setReasonCode(reason)
            .setMessage(message)
            .setErrorClass(errorClass)
            .setAttempts(check.attempt())
            .setDeadLetteredAt(now)
            .build();
    return new Decision(base.givenUp(), List.of(new Output(base.digest(), letter)));
  }
}
