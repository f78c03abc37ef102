package io.deltapress.app.domain;

import static io.deltapress.app.domain.Examples.NOON;
import static io.deltapress.app.domain.Examples.SOURCE;
import static io.deltapress.app.domain.Examples.USABLE_BASE;
import static io.deltapress.app.domain.Examples.calibrated;
import static io.deltapress.app.domain.Examples.failed;
import static io.deltapress.app.domain.Examples.fittingPolicy;
import static io.deltapress.app.domain.Examples.measured;
import static io.deltapress.app.domain.Examples.policy;
import static io.deltapress.app.domain.Examples.pruned;
import static io.deltapress.app.domain.Examples.refused;
import static io.deltapress.app.domain.Examples.submission;
import static io.deltapress.app.domain.Examples.surveyed;
import static io.deltapress.app.domain.Examples.unmeasurable;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.schemas.Calibrate;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.MeasureGate;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.WhenUnmeasured;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever workers and the network do, each submission ends exactly once, version numbers are given
 * once and in order, and windows hold.
 */
class PlanningDeskPropertyTest {
  private static final int SHARDS = 4;

  /** One thing that may happen. {@code choice} says to which of the submissions or tasks. */
  record Step(Kind kind, int choice) {}

  enum Kind {
    SUBMIT,
    SUBMIT_AGAIN,
    ANSWER,
    ANSWER_TWICE,
    ANSWER_LATE,
    LOSE,
    FAIL,
    REFUSE,
    WAIT,
    LEARN_BASE,
    SET_POLICY,
    REMOVE_POLICY,
    REOPEN
  }

  @Provide
  Arbitrary<Step> steps() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(6, Kind.SUBMIT),
            Tuple.of(2, Kind.SUBMIT_AGAIN),
            Tuple.of(30, Kind.ANSWER),
            Tuple.of(5, Kind.ANSWER_TWICE),
            Tuple.of(5, Kind.ANSWER_LATE),
            Tuple.of(3, Kind.LOSE),
            Tuple.of(2, Kind.FAIL),
            Tuple.of(1, Kind.REFUSE),
            Tuple.of(3, Kind.WAIT),
            Tuple.of(1, Kind.LEARN_BASE),
            Tuple.of(2, Kind.SET_POLICY),
            Tuple.of(1, Kind.REMOVE_POLICY),
            Tuple.of(1, Kind.REOPEN));
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 1000)).as(Step::new);
  }

  @Property(tries = 400)
  void shouldEndEachSubmissionExactlyOnceWhateverHappens(
      @ForAll @Size(max = 200) List<@From("steps") Step> steps,
      @ForAll @IntRange(min = 1, max = 3) int models) {
    // Given
    World world = new World(models);

    // When
    steps.forEach(world::happen);
    world.settle();

    // Then
    assertThat(world.endings.keySet()).isEqualTo(world.submissions.keySet());
    assertThat(world.endings.values()).allMatch(count -> count == 1);
    assertThat(world.windowsBroken).isEmpty();
    assertThat(world.verdicts).doesNotContain(GateVerdict.FAILED, GateVerdict.UNKNOWN);
    world.versions.values().forEach(numbers -> assertThat(numbers).isEqualTo(upTo(numbers.size())));
    assertThat(world.heads).isEqualTo(world.versions);
    assertThat(world.ledger.answers).isEmpty();
    assertThat(world.ledger.modelsInWork()).isEmpty();
  }

  private static List<Integer> upTo(int last) {
    List<Integer> numbers = new ArrayList<>();
    for (int number = 1; number <= last; number++) {
      numbers.add(number);
    }
    return numbers;
  }

  /** A partition, its workers and a clock. */
  private static final class World {
    final InMemoryLedger ledger = new InMemoryLedger();
    final PlannerSettings settings = Examples.settings();
    final Map<String, DeltaSubmission> submissions = new HashMap<>();
    final Map<String, Integer> endings = new HashMap<>();
    final Map<String, List<Integer>> versions = new HashMap<>();
    final Map<String, List<Integer>> heads = new HashMap<>();
    final List<GateVerdict> verdicts = new ArrayList<>();
    final List<String> windowsBroken = new ArrayList<>();
    private final List<WorkTask> open = new ArrayList<>();
    private final List<WorkTask> everIssued = new ArrayList<>();
    private final int models;
    private PlanningDesk desk = openDesk();
    private Instant now = NOON;

    World(int models) {
      this.models = models;
    }

    private PlanningDesk openDesk() {
      return new PlanningDesk(settings, RequestValidators.of((tenant, topic) -> true), ledger);
    }

    void happen(Step step) {
      switch (step.kind()) {
        case SUBMIT -> submit(step.choice());
        case SUBMIT_AGAIN -> submitAgain(step.choice());
        case ANSWER -> take(step.choice()).ifPresent(this::answer);
        case ANSWER_TWICE ->
            take(step.choice())
                .ifPresent(
                    task -> {
                      answer(task);
                      answer(task);
                    });
        case ANSWER_LATE -> pick(everIssued, step.choice()).ifPresent(this::answer);
        case LOSE -> take(step.choice());
        case FAIL ->
            take(step.choice())
                .ifPresent(task -> note(desk.answered(failed(task, "WORKER_ERROR"), now)));
        case REFUSE ->
            take(step.choice())
                .ifPresent(
                    task -> note(desk.answered(refused(task, "TENSOR_MISSING", "no w"), now)));
        case WAIT -> waitMillis(step.choice() * 20L);
        case LEARN_BASE -> note(desk.baseChecked(USABLE_BASE, now));
        case SET_POLICY -> setPolicy(step.choice());
        case REMOVE_POLICY ->
            desk.policySet(GatePolicy.of(policy(scope(step.choice())).setRemoved(true).build()));
        case REOPEN -> desk = openDesk();
      }
    }

    private void submit(int choice) {
      String id = "s-" + submissions.size();
      int model = choice % models;
      DeltaSubmission submission =
          submission(id, SHARDS)
              .setTenant("tenant" + model % 2)
              .setModel("model" + model)
              .setExpectedVersion(choice % 7 == 0 ? choice % 3 : null)
              .setPruneRate(choice % 19 == 0 ? 2 : 0.9)
              .setUsePolicy(choice % 5 == 0)
              .build();
      submissions.put(id, submission);
      note(desk.submitted(submission, SOURCE, now));
    }

    private void submitAgain(int choice) {
      pick(List.copyOf(submissions.values()), choice)
          .ifPresent(again -> note(desk.submitted(again, SOURCE, now)));
    }

    private Optional<WorkTask> take(int choice) {
      Optional<WorkTask> task = pick(open, choice);
      task.ifPresent(open::remove);
      return task;
    }

    private static <T> Optional<T> pick(List<T> from, int choice) {
      return from.isEmpty() ? Optional.empty() : Optional.of(from.get(choice % from.size()));
    }

    private static String scope(int choice) {
      return List.of("*", "tenant0", "tenant1", "tenant0/model0").get(choice % 4);
    }

    private void setPolicy(int choice) {
      Policy policy =
          (choice % 2 == 0 ? policy(scope(choice)) : fittingPolicy(scope(choice)))
              .setWhenUnmeasured(choice % 3 == 0 ? WhenUnmeasured.PUBLISH : WhenUnmeasured.REJECT)
              .build();
      desk.policySet(GatePolicy.of(policy));
    }

    private void answer(WorkTask task) {
      note(desk.answered(answerTo(task), now));
    }

    /** Rungs fail, pass or cannot be measured, the same at every answer to one task. */
    private static WorkResult answerTo(WorkTask task) {
      Object work = WorkRecords.workOf(task);
      if (work instanceof Survey) {
        return surveyed(task, SHARDS);
      }
      if (work instanceof Calibrate) {
        return calibrated(task, 0.2);
      }
      if (work instanceof MeasureGate) {
        return switch (Math.floorMod(task.getTaskId().hashCode(), 4)) {
          case 0 -> measured(task, SHARDS, 1);
          case 1 -> unmeasurable(task);
          default -> measured(task, SHARDS, 0.5);
        };
      }
      return pruned(task, ((PruneShard) work).getShard());
    }

    private void waitMillis(long millis) {
      now = now.plusMillis(millis);
      note(desk.timePassed(now));
    }

    /** Workers recover: every open task is answered, and time runs until nothing is left. */
    void settle() {
      note(desk.baseChecked(USABLE_BASE, now));
      for (int i = 0; i < 1000 && !ledger.modelsInWork().isEmpty(); i++) {
        List.copyOf(open).forEach(this::answer);
        open.clear();
        waitMillis(1000);
      }
    }

    private void note(PlanningDesk.Turn turn) {
      for (Output output : turn.outputs()) {
        if (output.value() instanceof WorkTask task) {
          open.add(task);
          everIssued.add(task);
        } else if (output.value() instanceof ModelVersion version) {
          end(version.getSubmissionId());
          verdicts.add(version.getGate().getVerdict());
          numbers(versions, version.getTenant() + "/" + version.getModel())
              .add(version.getVersion());
        } else if (output.value() instanceof ModelHead head) {
          numbers(heads, output.key()).add(head.getVersion());
        } else if (output.value() instanceof Rejection rejection) {
          end(rejection.getSubmissionId());
        } else if (output.value() instanceof DeadLetter letter) {
          end(letter.getSubmissionId());
        }
      }
      checkWindows();
    }

    private void end(String submissionId) {
      endings.merge(submissionId, 1, Integer::sum);
    }

    private static List<Integer> numbers(Map<String, List<Integer>> of, String model) {
      return of.computeIfAbsent(model, any -> new ArrayList<>());
    }

    private void checkWindows() {
      Map<String, Integer> ofTenant = new HashMap<>();
      int compressLane = 0;
      int calibrateLane = 0;
      Set<String> broken = new HashSet<>();
      for (ModelState model : ledger.modelsInWork()) {
        int tasks = model.delta().tasks().size();
        int gates =
            (int)
                model.delta().tasks().values().stream()
                    .filter(task -> task.lane() == Lane.CALIBRATE)
                    .count();
        calibrateLane += gates;
        compressLane += tasks - gates;
        if (tasks > settings.deltaWindow()) {
          broken.add("delta " + model.key());
        }
        if (ofTenant.merge(model.tenant(), tasks, Integer::sum) > settings.tenantWindow()) {
          broken.add("tenant " + model.tenant());
        }
      }
      if (Math.max(compressLane, calibrateLane) > settings.laneWindow()) {
        broken.add("lane");
      }
      windowsBroken.addAll(broken);
    }
  }
}
