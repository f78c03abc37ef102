package io.deltapress.app.domain;

import static io.deltapress.app.domain.Examples.NOON;
import static io.deltapress.app.domain.Examples.SOURCE;
import static io.deltapress.app.domain.Examples.USABLE_BASE;
import static io.deltapress.app.domain.Examples.pruned;
import static io.deltapress.app.domain.Examples.submission;
import static io.deltapress.app.domain.Examples.surveyed;

import io.deltapress.app.domain.PlanningDesk.Turn;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.WorkTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** A model on a planning desk, with workers that answer when they are told to. */
final class EditedModel {
  final InMemoryLedger ledger = new InMemoryLedger();
  final ScriptedEditor editor = new ScriptedEditor();
  final List<Output> outputs = new ArrayList<>();
  final List<WorkTask> open = new ArrayList<>();
  private final PlannerSettings settings;
  PlanningDesk desk;
  Instant now = NOON;

  EditedModel() {
    this(Examples.settings());
  }

  EditedModel(PlannerSettings settings) {
    this.settings = settings;
    this.desk = opened();
    note(desk.baseChecked(USABLE_BASE, now));
  }

  private PlanningDesk opened() {
    return new PlanningDesk(settings, RequestValidators.of((tenant, topic) -> true), ledger);
  }

  /** The process ends and another one takes over. */
  void reopen() {
    desk = opened();
  }

  EditedModel under(Policy policy) {
    desk.policySet(GatePolicy.of(policy));
    return this;
  }

  /** A model with one version, under {@link EditExamples#editPolicy}. */
  static EditedModel published() {
    EditedModel model = new EditedModel();
    model.publishDelta("d-1");
    model.under(EditExamples.policyWith(EditExamples.editPolicy()));
    return model;
  }

  void publishDelta(String id) {
    submit(submission(id, 1).build());
    workOnDelta();
  }

  Turn submit(DeltaSubmission submission) {
    return note(desk.submitted(submission, SOURCE, now));
  }

  Turn edit(EditSubmission.Builder submission) {
    return note(desk.edited(submission.build(), EditExamples.EDIT_SOURCE, now));
  }

  void edit(String... ids) {
    for (String id : ids) {
      edit(EditExamples.edit(id));
    }
  }

  Turn control(ControlRequest.Builder request) {
    return note(desk.controlled(request.build(), EditExamples.CONTROL_SOURCE, now));
  }

  Turn wait(Duration duration) {
    now = now.plus(duration);
    note(desk.momentPassed(now));
    return note(desk.timePassed(now));
  }

  Turn note(Turn turn) {
    outputs.addAll(turn.outputs());
    turn.outputs().stream()
        .map(Output::value)
        .filter(WorkTask.class::isInstance)
        .map(WorkTask.class::cast)
        .forEach(open::add);
    return turn;
  }

  /** Workers of all lanes but the edit lane answer until nothing is left. */
  void workOnDelta() {
    for (WorkTask task = next(false); task != null; task = next(false)) {
      note(desk.answered(answerOfPress(task), now));
    }
  }

  private io.deltapress.schemas.WorkResult answerOfPress(WorkTask task) {
    if (task.getMeasureGate() != null) {
      return Examples.measured(task, 1, 1);
    }
    return task.getWork() instanceof Survey
        ? surveyed(task, 1)
        : pruned(task, ((PruneShard) task.getWork()).getShard());
  }

  /** The task of the edit lane that is open; there must be one. */
  WorkTask run() {
    return open.stream()
        .filter(task -> task.getRunEdits() != null)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no task of the edit lane is open"));
  }

  Turn answerRun() {
    WorkTask task = run();
    open.remove(task);
    return note(desk.answered(editor.answer(task), now));
  }

  /** Workers of the edit lane answer until nothing is left. */
  void work() {
    for (WorkTask task = next(true); task != null; task = next(true)) {
      note(desk.answered(editor.answer(task), now));
    }
  }

  private WorkTask next(boolean ofEdits) {
    WorkTask found =
        open.stream()
            .filter(task -> (task.getRunEdits() != null) == ofEdits)
            .findFirst()
            .orElse(null);
    open.remove(found);
    return found;
  }

  <T extends SpecificRecord> List<T> all(Class<T> type) {
    return outputs.stream().map(Output::value).filter(type::isInstance).map(type::cast).toList();
  }

  List<ModelVersion> versions() {
    return all(ModelVersion.class);
  }

  ModelVersion last() {
    List<ModelVersion> versions = versions();
    return versions.get(versions.size() - 1);
  }

  List<String> lastEdits() {
    return ids(last());
  }

  static List<String> ids(ModelVersion version) {
    return version.getEdits().stream().map(EditEntry::getEditId).toList();
  }

  int head() {
    List<ModelHead> heads = all(ModelHead.class);
    return heads.get(heads.size() - 1).getVersion();
  }

  /** Rejections as {@code REASON request: message}. */
  List<String> rejections() {
    return all(Rejection.class).stream()
        .map(
            rejection ->
                "%s %s: %s"
                    .formatted(
                        rejection.getReasonCode(),
                        rejection.getSubmissionId(),
                        rejection.getMessage()))
        .toList();
  }

  /** Dead letters as {@code REASON request: message}. */
  List<String> deadLetters() {
    return all(DeadLetter.class).stream()
        .map(
            letter ->
                "%s %s: %s"
                    .formatted(
                        letter.getReasonCode(), letter.getSubmissionId(), letter.getMessage()))
        .toList();
  }

  /** Events as {@code type request}, since everything was forgotten. */
  List<String> events() {
    return all(RegistryEvent.class).stream()
        .map(event -> event.getType().replace("io.deltapress.", "") + " " + event.getSubmissionId())
        .toList();
  }

  /** From now on only what comes next is looked at. */
  EditedModel quiet() {
    outputs.clear();
    return this;
  }

  List<String> live() {
    return ledger.edits("acme/router").stream()
        .filter(edit -> edit.is(LedgerEdit.Standing.LIVE))
        .map(LedgerEdit::id)
        .toList();
  }
}
