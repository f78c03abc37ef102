package io.deltapress.schemas;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What tasks and results hold, wherever they hold it: kinds of work that came after the first
 * release have an optional field of their own, since a union's branches are fixed for good.
 */
public final class WorkRecords {
  private WorkRecords() {}

  /** What a task asks for; null for a kind of work that a later release added. */
  public static @Nullable Object workOf(WorkTask task) {
    return firstOf(task.getCalibrate(), task.getMeasureGate(), task.getRunEdits(), task.getWork());
  }

  /** Puts work where it belongs. */
  public static WorkTask.Builder put(WorkTask.Builder task, Object work) {
    if (work instanceof Calibrate calibrate) {
      return task.setCalibrate(calibrate);
    }
    if (work instanceof RunEdits run) {
      return task.setRunEdits(run);
    }
    return work instanceof MeasureGate measure ? task.setMeasureGate(measure) : task.setWork(work);
  }

  /** What came of a task; null for an outcome that a later release added. */
  public static @Nullable Object outcomeOf(WorkResult result) {
    return firstOf(
        result.getCalibrated(),
        result.getGateMeasured(),
        result.getEditsRun(),
        result.getOutcome());
  }

  /** Puts an outcome where it belongs. */
  public static WorkResult.Builder put(WorkResult.Builder result, Object outcome) {
    if (outcome instanceof Calibrated calibrated) {
      return result.setCalibrated(calibrated);
    }
    if (outcome instanceof EditsRun run) {
      return result.setEditsRun(run);
    }
    return outcome instanceof GateMeasured measured
        ? result.setGateMeasured(measured)
        : result.setOutcome(outcome);
  }

  private static @Nullable Object firstOf(@Nullable Object... fields) {
    return Stream.of(fields).filter(Objects::nonNull).findFirst().orElse(null);
  }
}
