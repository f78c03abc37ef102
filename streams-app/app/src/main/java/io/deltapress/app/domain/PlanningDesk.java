package io.deltapress.app.domain;

import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Plans the models of one partition: looks into the ledger, asks the {@link DeltaPlanner}, notes
 * what it decided, and fills the windows that became free. Every turn returns the records to write,
 * in order.
 *
 * <p><b>Threading notes.</b> Belongs to the one thread that processes its partition; a new one is
 * made whenever the partition is opened.
 */
public final class PlanningDesk {
  /** A submission id counts once per model for this long, as long as its record is kept. */
  static final Duration MEMORY_OF_SUBMISSIONS = Duration.ofDays(31);

  private static final Duration FORGETTING_INTERVAL = Duration.ofHours(1);

  private final SubmissionValidator validator;
  private final DeltaPlanner planner;
  private final PlanningLedger ledger;
  private final PolicyBook policies;
  private final FairWindows windows;
  private Instant forgottenAt = Instant.MIN;

  /** Opens the partition with what the ledger remembers. */
  public PlanningDesk(
      PlannerSettings settings, SubmissionValidator validator, PlanningLedger ledger) {
    this.validator = validator;
    this.planner = new DeltaPlanner(settings);
    this.ledger = ledger;
    this.policies = new PolicyBook(ledger);
    this.windows = new FairWindows(settings);
    ledger.modelsInWork().forEach(windows::note);
  }

  /**
   * What came of a turn.
   *
   * @param outputs the records to write
   * @param ended submissions that came to their end
   * @param reception whether the input took effect
   */
  public record Turn(List<Output> outputs, List<Decision.Ended> ended, Reception reception) {
    /** Copies both lists, so that the turn is immutable. */
    public Turn {
      outputs = List.copyOf(outputs);
      ended = List.copyOf(ended);
    }

    static Turn of(Reception reception) {
      return new Turn(List.of(), List.of(), reception);
    }
  }

  /** How an input was received. */
  public enum Reception {
    /** It was new and took effect. */
    COUNTED,
    /** It came before, or nobody waits for it any more: it was dropped. */
    DROPPED
  }

  /** A submission arrived. */
  public Turn submitted(DeltaSubmission submission, RequestSource source, Instant now) {
    String key = SubmissionMark.key(submission);
    SubmissionMark mark = SubmissionMark.of(submission, now);
    Verdict verdict = validator.validate(submission, source);
    if (verdict instanceof Verdict.Invalid broken) {
      // Its id is not used up: it may come again, corrected, or from a topic that may name it.
      String brokenKey = "%s/broken/%s/%s".formatted(key, source.topic(), mark.fingerprint());
      if (ledger.mark(brokenKey).isPresent()) {
        return Turn.of(Reception.DROPPED);
      }
      ledger.keep(brokenKey, mark);
      return invalid(submission, source, broken, now);
    }
    Optional<SubmissionMark> earlier = ledger.mark(key);
    if (earlier.isPresent()) {
      return earlier.get().fingerprint().equals(mark.fingerprint())
          ? Turn.of(Reception.DROPPED)
          : reused(submission, source, earlier.get(), now);
    }
    ledger.keep(key, mark);
    return accepted(((Verdict.Valid) verdict).request(), now);
  }

  private static Turn reused(
      DeltaSubmission submission, RequestSource source, SubmissionMark earlier, Instant now) {
    String message =
        "submission id %s was used at %s for another request: choose a new id"
            .formatted(Names.forMessage(submission.getSubmissionId()), earlier.seenAt());
    return invalid(submission, source, Verdict.Invalid.duplicate(message), now);
  }

  private static Turn invalid(
      DeltaSubmission submission, RequestSource source, Verdict.Invalid verdict, Instant now) {
    Output rejection = Endings.rejected(submission, source, verdict, now);
    RegistryEvent event =
        RegistryEvent.newBuilder()
            .setEventId(
                String.format(
                    Locale.ROOT,
                    "%s/%s/%s-%d-%d",
                    submission.getSubmissionId(),
                    EventTypes.DELTA_REJECTED,
                    source.topic(),
                    source.partition(),
                    source.offset()))
            .setType(EventTypes.DELTA_REJECTED)
            .setSource(EventIds.SOURCE)
            .setTime(now)
            .setTenant(submission.getTenant())
            .setModel(submission.getModel())
            .setSubmissionId(submission.getSubmissionId())
            .setMessage(verdict.message())
            .build();
    return new Turn(
        List.of(rejection, new Output(rejection.key(), event)), List.of(), Reception.COUNTED);
  }

  private Turn accepted(DeltaRequest request, Instant now) {
    ModelState model =
        ledger
            .model(request.modelKey())
            .orElseGet(() -> ModelState.unheardOf(request.tenant(), request.model()));
    return turn(now)
        .take(
            model,
            planner.accept(
                model, request, ledger.base(request.baseDigest()), policies.covering(request), now))
        .end();
  }

  /** A worker answered a task of a delta. */
  public Turn answered(WorkResult result, Instant now) {
    Optional<ModelState> model = ledger.model(result.getTenant() + "/" + result.getModel());
    if (model.isEmpty() || !planner.awaits(model.get(), result)) {
      return Turn.of(Reception.DROPPED);
    }
    if (!(WorkRecords.outcomeOf(result) instanceof TaskFailed)) {
      ledger.keep(result);
    }
    return turn(now).take(model.get(), planner.answer(model.get(), result, ledger, now)).end();
  }

  /** A base got its verdict. */
  public Turn baseChecked(BaseFact base, Instant now) {
    ledger.keep(base);
    Draft turn = turn(now);
    for (ModelState model : windows.inWork()) {
      turn.take(model, planner.baseChecked(model, base, now));
    }
    return turn.end();
  }

  /** A policy was set or removed; deltas in work keep the one they were accepted under. */
  public Turn policySet(GatePolicy policy) {
    ledger.keep(policy);
    return Turn.of(Reception.COUNTED);
  }

  /** Time passed. */
  public Turn timePassed(Instant now) {
    if (forgottenAt.isBefore(now.minus(FORGETTING_INTERVAL))) {
      ledger.forgetMarksBefore(now.minus(MEMORY_OF_SUBMISSIONS));
      forgottenAt = now;
    }
    Draft turn = turn(now);
    for (ModelState model : windows.inWork()) {
      turn.take(model, planner.lookAfter(model, ledger, now));
    }
    return turn.end();
  }

  private Draft turn(Instant now) {
    return new Draft(now);
  }

  /** A turn being made. */
  private final class Draft {
    private final Instant now;
    private final List<Output> outputs = new ArrayList<>();
    private final List<Decision.Ended> ended = new ArrayList<>();

    Draft(Instant now) {
      this.now = now;
    }

    Draft take(ModelState before, Decision decision) {
      for (Decision.Ended end : decision.ended()) {
        forget(before, end.request());
      }
      if (!decision.model().equals(before)) {
        ledger.keep(decision.model());
        windows.note(decision.model());
      }
      outputs.addAll(decision.outputs());
      ended.addAll(decision.ended());
      return this;
    }

    private void forget(ModelState before, DeltaRequest request) {
      DeltaState delta = before.delta();
      if (delta != null && delta.request().equals(request)) {
        ledger.forgetAnswers(request);
      }
    }

    Turn end() {
      Optional<ModelState> next = windows.next();
      while (next.isPresent()) {
        take(next.get(), planner.issueNext(next.get(), ledger, now));
        next = windows.next();
      }
      return new Turn(outputs, ended, Reception.COUNTED);
    }
  }
}
