package io.deltapress.app.domain;

import static io.deltapress.app.domain.EditExamples.control;
import static io.deltapress.app.domain.EditExamples.edit;
import static io.deltapress.app.domain.EditExamples.editPolicy;
import static io.deltapress.app.domain.EditExamples.policyWith;
import static io.deltapress.app.domain.Examples.failed;
import static io.deltapress.app.domain.Examples.submission;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.WorkTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/**
 * However requests, answers, failures and restarts interleave: every edit and command comes to one
 * end, each version is what the ledger says, versions keep the order in which edits were accepted,
 * and nothing that was erased is served or remembered.
 */
class EditPlanningPropertyTest {
  private static final String KEY = "acme/router";

  /** One thing that may happen. {@code choice} says to which of the edits, versions or tasks. */
  record Step(Kind kind, int choice) {}

  enum Kind {
    EDIT,
    EDIT_SAME_PROMPT,
    EDIT_AGAIN,
    ANSWER,
    ANSWER_TWICE,
    FAIL,
    LOSE,
    PRESS,
    DELTA,
    REVERT,
    ERASE,
    ROLLBACK,
    CANCEL,
    SQUASH,
    REFIT,
    WAIT,
    REOPEN
  }

  @Provide
  Arbitrary<Step> steps() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(24, Kind.EDIT),
            Tuple.of(4, Kind.EDIT_SAME_PROMPT),
            Tuple.of(2, Kind.EDIT_AGAIN),
            Tuple.of(24, Kind.ANSWER),
            Tuple.of(3, Kind.ANSWER_TWICE),
            Tuple.of(2, Kind.FAIL),
            Tuple.of(1, Kind.LOSE),
            Tuple.of(8, Kind.PRESS),
            Tuple.of(2, Kind.DELTA),
            Tuple.of(3, Kind.REVERT),
            Tuple.of(2, Kind.ERASE),
            Tuple.of(2, Kind.ROLLBACK),
            Tuple.of(2, Kind.CANCEL),
            Tuple.of(1, Kind.SQUASH),
            Tuple.of(2, Kind.REFIT),
            Tuple.of(2, Kind.WAIT),
            Tuple.of(2, Kind.REOPEN));
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 1000)).as(Step::new);
  }

  @Property(tries = 300)
  void shouldBringEveryRequestToOneEndAndKeepTheOrderWhateverHappens(
      @ForAll @Size(max = 120) List<@From("steps") Step> steps) {
    // Given
    World world = new World();

    // When
    steps.forEach(world::happen);
    world.settle();

    // Then
    assertThat(world.model.ledger.modelsInWork()).isEmpty();
    assertThat(world.model.ledger.edits(KEY))
        .allMatch(edit -> edit.isInEffect() && edit.candidate() == null);
    assertThat(world.withoutOneEnd()).isEmpty();
    assertThat(world.model.ledger.answers).isEmpty();
    world.checkVersions();
    world.checkHead();
    world.checkErased();
    assertThat(world.model.all(RegistryEvent.class))
        .extracting(RegistryEvent::getEventId)
        .doesNotHaveDuplicates();
  }

  /** A model and whoever acts on it. */
  private static final class World {
    final EditedModel model = EditedModel.published();
    private final Map<String, Integer> accepted = new HashMap<>();
    private final List<String> edits = new ArrayList<>();
    private final Map<String, EditSubmission.Builder> submissions = new HashMap<>();
    private final List<String> commands = new ArrayList<>();
    private final Set<String> erased = new HashSet<>();
    private int deltas = 1;

    World() {
      model.under(policyWith(editPolicy().setMostLive(12)));
      model.quiet();
    }

    void happen(Step step) {
      int choice = step.choice();
      switch (step.kind()) {
        case EDIT -> request(choice, "e-" + edits.size());
        case EDIT_SAME_PROMPT -> request(choice, "e-" + choice % 3);
        case EDIT_AGAIN ->
            pick(edits, choice)
                .filter(id -> !erased.contains(id))
                .map(submissions::get)
                .ifPresent(model::edit);
        case ANSWER -> task(true, choice).ifPresent(this::answer);
        case ANSWER_TWICE ->
            task(true, choice)
                .ifPresent(
                    task -> {
                      answer(task);
                      answer(task);
                    });
        case FAIL ->
            task(true, choice)
                .ifPresent(
                    task ->
                        model.note(
                            model.desk.answered(failed(task, "STORE_UNAVAILABLE"), model.now)));
        case LOSE -> task(true, choice);
        case PRESS -> model.workOnDelta();
        case DELTA -> model.submit(submission("d-" + ++deltas, 1).setSeed((long) choice).build());
        case REVERT ->
            pick(edits, choice)
                .ifPresent(id -> command(ControlAction.REVERT, c -> c.setEditIds(List.of(id))));
        case ERASE -> pick(edits, choice).ifPresent(this::erase);
        case ROLLBACK -> command(ControlAction.ROLLBACK, c -> c.setVersion(1 + choice % 9));
        case CANCEL -> pick(edits, choice).ifPresent(this::cancel);
        case SQUASH -> command(ControlAction.SQUASH, c -> c);
        case REFIT -> command(ControlAction.REFIT, c -> c);
        case WAIT -> model.wait(Duration.ofMillis(20L * choice));
        case REOPEN -> model.reopen();
      }
    }

    private void request(int choice, String promptOf) {
      String id = "e-" + edits.size();
      switch (choice % 11) {
        case 0 -> model.editor.verdicts.put(id, EditVerdict.INEFFECTIVE);
        case 1 -> model.editor.verdicts.put(id, EditVerdict.ALREADY_TRUE);
        case 2 -> model.editor.ruinous.add(id);
        case 3 -> model.editor.fallen.add(id);
        default -> {
          // it is applied
        }
      }
      edits.add(id);
      EditSubmission.Builder submission =
          edit(id)
              .setPrompt("prompt of " + promptOf)
              .setExpectedVersion(choice % 13 == 0 ? choice % 5 : null);
      submissions.put(id, submission);
      model.edit(submission);
      model.ledger.edits(KEY).forEach(edit -> accepted.putIfAbsent(edit.id(), edit.order()));
    }

    private void erase(String id) {
      command(ControlAction.ERASE, c -> c.setEditIds(List.of(id)));
      erased.add(id);
    }

    private void cancel(String id) {
      command(ControlAction.CANCEL, c -> c.setSubmissionId(id));
    }

    private void command(ControlAction action, UnaryOperator<ControlRequest.Builder> change) {
      String id = "c-" + commands.size();
      commands.add(id);
      model.control(change.apply(control(id, action)));
    }

    private void answer(WorkTask task) {
      model.note(model.desk.answered(model.editor.answer(task), model.now));
    }

    private Optional<WorkTask> task(boolean ofEdits, int choice) {
      Optional<WorkTask> task =
          pick(
              model.open.stream().filter(open -> (open.getRunEdits() != null) == ofEdits).toList(),
              choice);
      task.ifPresent(model.open::remove);
      return task;
    }

    private static <T> Optional<T> pick(List<T> from, int choice) {
      return from.isEmpty() ? Optional.empty() : Optional.of(from.get(choice % from.size()));
    }

    /** Workers recover: everything is answered until nothing is left. */
    void settle() {
      for (int i = 0; i < 400 && !model.ledger.modelsInWork().isEmpty(); i++) {
        model.workOnDelta();
        model.work();
        model.wait(Duration.ofSeconds(1));
      }
    }

    /** Requests that ended never or more than once, and how. */
    Map<String, List<String>> withoutOneEnd() {
      Map<String, List<String>> ends = new TreeMap<>();
      edits.forEach(id -> ends.put(id, new ArrayList<>()));
      commands.forEach(id -> ends.put(id, new ArrayList<>()));
      Set<String> inEffect = new HashSet<>();
      for (RegistryEvent event : model.all(RegistryEvent.class)) {
        String id = event.getSubmissionId();
        switch (event.getType()) {
          case EventTypes.EDIT_APPLIED -> {
            ends.get(id).add("applied");
            inEffect.add(id);
          }
          case EventTypes.EDIT_ALREADY_TRUE -> {
            if (inEffect.add(id)) {
              ends.get(id).add("true already");
            }
          }
          case EventTypes.CONTROL_DONE -> ends.get(id).add("done");
          default -> {
            // not an end
          }
        }
      }
      for (Rejection rejection : model.all(Rejection.class)) {
        // A live edit that is lost had come to its end before.
        if (!rejection.getReasonCode().equals("EDIT_LOST")
            && !rejection.getSubmissionId().startsWith("d-")) {
          ends.get(rejection.getSubmissionId()).add(rejection.getReasonCode());
        }
      }
      for (DeadLetter letter : model.all(DeadLetter.class)) {
        if (!letter.getSubmissionId().startsWith("d-")) {
          ends.get(letter.getSubmissionId()).add("dead");
        }
      }
      ends.values().removeIf(list -> list.size() == 1);
      return ends;
    }

    void checkVersions() {
      List<ModelVersion> published =
          model.versions().stream()
              .filter(version -> version.getState() != VersionState.REVOKED)
              .toList();
      int number = 1;
      int lastOrder = 0;
      for (ModelVersion version : published) {
        assertThat(version.getVersion()).isEqualTo(++number);
        assertThat(version.getState() == VersionState.EDITED)
            .isEqualTo(!version.getEdits().isEmpty());
        assertThat(EditedModel.ids(version)).doesNotHaveDuplicates();
        boolean erases = version.getCause().getKind().equals("erase");
        if (!version.getEdits().isEmpty() && !erases) {
          assertThat(version.getEditGate().getVerdict()).isEqualTo(GateVerdict.PASSED);
        }
        if (version.getCause().getKind().equals("edits")) {
          for (String id : version.getCause().getRequestIds()) {
            assertThat(accepted.get(id)).as(id).isGreaterThan(lastOrder);
            lastOrder = accepted.get(id);
          }
        }
      }
    }

    void checkHead() {
      ModelState state = model.ledger.model(KEY).orElseThrow();
      ModelVersion head = model.ledger.version(KEY, state.headVersion()).orElseThrow();
      List<LedgerEdit> live =
          model.ledger.edits(KEY).stream()
              .filter(edit -> edit.is(LedgerEdit.Standing.LIVE))
              .sorted(Comparator.comparingInt(LedgerEdit::position))
              .toList();
      assertThat(head.getState()).isNotEqualTo(VersionState.REVOKED);
      assertThat(live.stream().map(LedgerEdit::entry).flatMap(Optional::stream).toList())
          .isEqualTo(head.getEdits());
      assertThat(live.stream().filter(edit -> edit.artifact() == null).map(LedgerEdit::id).toList())
          .containsExactlyInAnyOrderElementsOf(
              // An earlier version may still name one that was erased, of which it has nothing.
              head.getAlreadyTrue().stream().filter(id -> !isErased(id)).toList());
      assertThat(head.getFolded())
          .containsAll(
              model.ledger.edits(KEY).stream()
                  .filter(edit -> edit.is(LedgerEdit.Standing.FOLDED))
                  .map(LedgerEdit::id)
                  .toList());
      List<ModelHead> heads = model.all(ModelHead.class);
      if (!heads.isEmpty()) {
        assertThat(heads.get(heads.size() - 1).getVersion()).isEqualTo(state.headVersion());
      }
      assertThat(live).extracting(edit -> edit.request().promptKey()).doesNotHaveDuplicates();
    }

    private boolean isErased(String id) {
      return model.all(RegistryEvent.class).stream()
          .anyMatch(
              event ->
                  event.getType().equals(EventTypes.EDIT_ERASED)
                      && event.getSubmissionId().equals(id));
    }

    void checkErased() {
      Set<String> gone = new HashSet<>(edits);
      gone.removeIf(id -> !isErased(id));
      assertThat(erased).containsAll(gone);
      for (ModelVersion version : model.ledger.versions(KEY)) {
        if (version.getState() != VersionState.REVOKED) {
          assertThat(EditedModel.ids(version))
              .matches(ids -> ids.stream().noneMatch(gone::contains));
          assertThat(version.getFolded()).matches(ids -> ids.stream().noneMatch(gone::contains));
        }
      }
      assertThat(model.ledger.edits(KEY)).noneMatch(edit -> gone.contains(edit.id()));
      assertThat(model.ledger.retiredEdits(KEY)).noneMatch(edit -> gone.contains(edit.id()));
    }
  }
}
