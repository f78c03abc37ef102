package io.deltapress.app.domain;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of a model but for its edits and versions.
 *
 * @param lastVersion the highest number ever given, 0 for none; numbers are never given twice
 * @param headVersion the version that followers serve, 0 for none
 * @param delta the one delta in work; null if there is none
 * @param edits what is in work of its edits
 */
public record ModelState(
    String tenant,
    String model,
    int lastVersion,
    int headVersion,
    @Nullable DeltaState delta,
    EditsState edits) {

  /** State of earlier releases knows of no edits. */
  public ModelState {
    edits = edits == null ? EditsState.none() : edits;
  }

  /** A model nobody has heard of. */
  public static ModelState unheardOf(String tenant, String model) {
    return new ModelState(tenant, model, 0, 0, null, EditsState.none());
  }

  /** {@code tenant/model}. */
  public String key() {
    return tenant + "/" + model;
  }

  /** Whether anything of it is in work or waits. */
  public boolean isInWork() {
    return delta != null || edits.isBusy();
  }

  /** The tasks in flight. */
  Stream<TaskState> tasks() {
    Stream<TaskState> ofDelta = delta == null ? Stream.empty() : delta.tasks().values().stream();
    return Stream.concat(
        ofDelta, Optional.ofNullable(edits.batch()).map(BatchState::task).stream());
  }

  ModelState with(DeltaState next) {
    return new ModelState(tenant, model, lastVersion, headVersion, next, edits);
  }

  ModelState with(EditsState next) {
    return new ModelState(tenant, model, lastVersion, headVersion, delta, next);
  }

  ModelState withoutDelta() {
    return new ModelState(tenant, model, lastVersion, headVersion, null, edits);
  }

  ModelState published(int version) {
    return new ModelState(tenant, model, version, version, delta, edits);
  }

  ModelState headAt(int version) {
    return new ModelState(tenant, model, lastVersion, version, delta, edits);
  }
}
