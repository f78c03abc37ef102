package io.deltapress.app.domain;

import io.deltapress.app.domain.GatePolicy.CanaryTask;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.WhenUnmeasured;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a batch of edits is made and judged, as its policy says when the batch begins.
 *
 * @param scope of the policy; null where none covers the model
 * @param editor who computes them; null where nothing can be computed, only measured
 * @param preserved location of what the model must go on knowing; null where nothing is named
 * @param windowMillis how long a batch waits for more
 * @param largestDrop of any canary's score against the version without edits, 0 to 1
 */
public record EditRules(
    @Nullable String scope,
    @Nullable String editor,
    @Nullable String preserved,
    int largestBatch,
    long windowMillis,
    int mostLive,
    double largestDrop,
    WhenUnmeasured whenUnmeasured,
    List<CanaryTask> canaries) {

  private static final int DEFAULT_BATCH = 16;
  private static final int DEFAULT_MOST_LIVE = 200;
  private static final double DEFAULT_DROP = 0.01;

  /** Copies the canaries, so that the rules are immutable. */
  public EditRules {
    canaries = List.copyOf(canaries);
  }

  /** The rules for new edits; empty where nobody says how they are made. */
  static Optional<EditRules> of(Optional<GatePolicy> policy, @Nullable String defaultEditor) {
    EditRules rules = forTakingBack(policy, defaultEditor);
    return rules.editor() == null ? Optional.empty() : Optional.of(rules);
  }

  /** The rules for taking edits back, which needs no editor as long as the others hold. */
  static EditRules forTakingBack(Optional<GatePolicy> policy, @Nullable String defaultEditor) {
    GatePolicy.EditPart part = policy.map(GatePolicy::edits).orElse(null);
    String scope = policy.map(GatePolicy::scope).orElse(null);
    List<CanaryTask> canaries = policy.map(GatePolicy::canaries).orElse(List.of());
    return part == null
        ? new EditRules(
            scope,
            defaultEditor,
            null,
            DEFAULT_BATCH,
            0,
            DEFAULT_MOST_LIVE,
            DEFAULT_DROP,
            policy.map(GatePolicy::whenUnmeasured).orElse(WhenUnmeasured.PUBLISH),
            canaries)
        : new EditRules(
            scope,
            part.editor(),
            part.preserved(),
            part.largestBatch(),
            part.windowMillis(),
            part.mostLive(),
            part.largestDrop(),
            part.whenUnmeasured(),
            canaries);
  }

  /** The same, with as many edits computed together as one task may have. */
  EditRules together() {
    return new EditRules(
        scope,
        editor,
        preserved,
        Integer.MAX_VALUE,
        windowMillis,
        mostLive,
        largestDrop,
        whenUnmeasured,
        canaries);
  }

  boolean isOver(Instant windowOpened, Instant now) {
    return !windowOpened.plusMillis(windowMillis).isAfter(now);
  }

  boolean letsUnmeasuredPass() {
    return whenUnmeasured == WhenUnmeasured.PUBLISH;
  }

  List<Canary> canaryRecords() {
    return canaries.stream().map(CanaryTask::toRecord).toList();
  }
}
