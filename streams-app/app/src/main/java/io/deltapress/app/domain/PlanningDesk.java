package io.deltapress.app.domain;

import io.deltapress.app.domain.Marks.Arrival;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.serde.TrustedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Plans the models of one partition: looks into the ledger, asks the {@link DeltaPlanner} and the
 * {@link EditPlanner}, notes what they decided, begins what comes next of a model, and fills the
 * windows that became free. Every turn returns the records to write, in order.
 *
 * <p><b>Threading notes.</b> Belongs to the one thread that processes its partition; a new one is
 * made whenever the partition is opened.
 */
public final class PlanningDesk {
  /** A submission id counts once per model for this long, as long as its record is kept. */
  static final Duration MEMORY_OF_SUBMISSIONS = Duration.ofDays(31);

  private static final Duration FORGETTING_INTERVAL = Duration.ofHours(1);

  private final RequestValidators validators;
  private final DeltaPlanner planner;
  private final EditPlanner editPlanner;
  private final PlanningLedger ledger;
  private final Marks marks;
  private final PolicyBook policies;
  private final FairWindows windows;
  private Instant forgottenAt = Instant.MIN;

  /** Opens the partition with what the ledger remembers. */
  public PlanningDesk(
      PlannerSettings settings, RequestValidators validators, PlanningLedger ledger) {
    TrustedRecords.install();
    this.validators = validators;
    this.planner = new DeltaPlanner(settings);
    this.editPlanner = new EditPlanner(settings);
    this.ledger = ledger;
    this.marks = new Marks(ledger);
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

  /** A delta arrived. */
  public Turn submitted(DeltaSubmission submission, RequestSource source, Instant now) {
    UncheckedRequest request = UncheckedRequest.of(submission, source);
    return received(
        request,
        SubmissionMark.of(submission, now),
        validators.deltas().broken(submission, source),
        EventTypes.DELTA_REJECTED,
        now,
        () -> accepted(validators.deltas().request(submission, source), now));
  }

  /** An edit arrived. */
  public Turn edited(EditSubmission submission, RequestSource source, Instant now) {
    UncheckedRequest request = UncheckedRequest.of(submission, source);
    return received(
        request,
        SubmissionMark.of(submission, now),
        validators.edits().broken(submission, source),
        EventTypes.EDIT_REJECTED,
        now,
        () -> {
          ModelState model = modelOf(request);
          EditRequest edit = EditRequest.of(submission, source);
          return turn(now)
              .take(model, editPlanner.accept(model, edit, policies.covering(model), ledger, now))
              .end();
        });
  }

  /** A control request arrived. */
  public Turn controlled(ControlRequest control, RequestSource source, Instant now) {
    UncheckedRequest request = UncheckedRequest.of(control, source);
    return received(
        request,
        SubmissionMark.of(control, now),
        validators.controls().broken(control, source),
        EventTypes.CONTROL_REJECTED,
        now,
        () -> {
          ModelState model = modelOf(request);
          Command command = Command.of(control, source);
          return turn(now).take(model, editPlanner.accept(model, command, ledger, now)).end();
        });
  }

  private Turn received(
      UncheckedRequest request,
      SubmissionMark mark,
      Optional<Refusal> broken,
      String rejectedEvent,
      Instant now,
      Supplier<Turn> accept) {
    Arrival arrival = marks.note(request, mark, broken);
    if (arrival instanceof Arrival.Refused refused) {
      return refused(request, refused.refusal(), rejectedEvent, now);
    }
    return arrival instanceof Arrival.Repeated ? Turn.of(Reception.DROPPED) : accept.get();
  }

  private static Turn refused(UncheckedRequest request, Refusal refusal, String type, Instant now) {
    RequestSource source = request.source();
    RegistryEvent event =
        RegistryEvent.newBuilder()
            .setEventId(
                String.format(
                    Locale.ROOT,
                    "%s/%s/%s-%d-%d",
                    request.submissionId(),
                    type,
                    source.topic(),
                    source.partition(),
                    source.offset()))
            .setType(type)
            .setSource(EventIds.SOURCE)
            .setTime(now)
            .setTenant(request.tenant())
            .setModel(request.model())
            .setSubmissionId(request.submissionId())
            .setMessage(refusal.message())
            .build();
    return new Turn(
        List.of(Endings.rejected(request, refusal, now), new Output(request.modelKey(), event)),
        List.of(),
        Reception.COUNTED);
  }

  private ModelState modelOf(ModelRequest request) {
    return ledger
        .model(request.modelKey())
        .orElseGet(() -> ModelState.unheardOf(request.tenant(), request.model()));
  }

  private Turn accepted(DeltaRequest request, Instant now) {
    ModelState model = modelOf(request);
    return turn(now)
        .take(
            model,
            planner.accept(
                model, request, ledger.base(request.baseDigest()), policies.covering(request), now))
        .end();
  }

  /** A worker answered a task. */
  public Turn answered(WorkResult result, Instant now) {
    Optional<ModelState> found = ledger.model(result.getTenant() + "/" + result.getModel());
    if (found.isEmpty()) {
      return Turn.of(Reception.DROPPED);
    }
    ModelState model = found.get();
    if (editPlanner.awaits(model, result)) {
      return turn(now).take(model, editPlanner.answer(model, result, ledger, now)).end();
    }
    if (!planner.awaits(model, result)) {
      return Turn.of(Reception.DROPPED);
    }
    if (!(WorkRecords.outcomeOf(result) instanceof TaskFailed)) {
      ledger.keep(result);
    }
    return turn(now).take(model, planner.answer(model, result, ledger, now)).end();
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
    for (ModelState model : windows.inWork()) {
      turn.take(model, editPlanner.lookAfter(model, ledger, now));
    }
    return turn.end();
  }

  /** A moment passed: batches whose window is over begin. */
  public Turn momentPassed(Instant now) {
    List<ModelState> waiting =
        windows.inWork().stream()
            .filter(model -> model.edits().queued() > 0 && model.edits().batch() == null)
            .toList();
    if (waiting.isEmpty()) {
      return Turn.of(Reception.COUNTED);
    }
    Draft turn = turn(now);
    waiting.forEach(turn::touch);
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
    private final Set<String> touched = new LinkedHashSet<>();

    Draft(Instant now) {
      this.now = now;
    }

    /** Takes over a decision; what follows from it for the model is decided at the end. */
    Draft take(ModelState before, Decision decision) {
      if (apply(before, decision)) {
        touched.add(before.key());
      }
      return this;
    }

    private boolean apply(ModelState before, Decision decision) {
      for (Decision.Ended end : decision.ended()) {
        forget(before, end.request());
      }
      for (LedgerChange change : decision.changes()) {
        ledger.apply(before.key(), change);
      }
      boolean changed = !decision.model().equals(before);
      if (changed) {
        ledger.keep(decision.model());
        windows.note(decision.model());
      }
      outputs.addAll(decision.outputs());
      ended.addAll(decision.ended());
      return changed;
    }

    private void forget(ModelState before, DeltaRequest request) {
      DeltaState delta = before.delta();
      if (delta != null && delta.request().equals(request)) {
        ledger.forgetAnswers(request);
      }
    }

    void touch(ModelState model) {
      touched.add(model.key());
    }

    Turn end() {
      touched.forEach(this::advance);
      Optional<FairWindows.Opening> next = windows.next();
      while (next.isPresent()) {
        issue(next.get());
        next = windows.next();
      }
      return new Turn(outputs, ended, Reception.COUNTED);
    }

    /** Begins whatever comes next, until something is in work or nothing is left. */
    private void advance(String modelKey) {
      boolean goesOn = true;
      while (goesOn) {
        ModelState model = ledger.model(modelKey).orElseThrow();
        Decision decision = editPlanner.advance(model, policies.covering(model), ledger, now);
        goesOn = !decision.model().equals(model);
        if (goesOn) {
          apply(model, decision);
        }
      }
    }

    private void issue(FairWindows.Opening opening) {
      ModelState model = opening.model();
      apply(
          model,
          opening.lane() == Lane.EDIT
              ? editPlanner.issue(model, ledger, now)
              : planner.issueNext(model, ledger, now));
    }
  }
}
