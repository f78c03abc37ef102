package io.deltapress.app.domain;

import io.deltapress.schemas.GateMeasured;
import io.deltapress.schemas.GateVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges what was measured: it passes if no canary lost more against its reference than the policy
 * allows. A gain is no loss, whatever its size.
 */
final class GateRule {
  /** Scores are shares of whole numbers of tasks; their difference may be off by this much. */
  private static final double ROUNDING = 1e-9;

  private GateRule() {}

  /**
   * What the gate says.
   *
   * @param reason one line for a person; null if it passed
   */
  record Judgement(GateVerdict verdict, @Nullable String reason, List<GateState.Score> scores) {}

  static Judgement judge(GatePolicy policy, GateMeasured measured) {
    if (measured.getUnmeasurable() != null) {
      return unmeasured(measured.getUnmeasurable());
    }
    List<GateState.Score> scores =
        measured.getCanaries().stream().map(GateState.Score::of).toList();
    if (!isOf(scores, policy.canaries()) || measured.getArtifactDigest() == null) {
      return unmeasured("the worker measured other canaries than the policy names");
    }
    return compare(scores, policy.largestDrop());
  }

  /** Whether no score is further below its reference than that. */
  static Judgement compare(List<GateState.Score> scores, double largestDrop) {
    List<String> ruined = new ArrayList<>();
    for (GateState.Score score : scores) {
      double drop = score.reference() - score.pruned();
      // Written so that a score that is no number fails.
      if (!(drop <= largestDrop + ROUNDING)) {
        ruined.add(describe(score));
      }
    }
    return ruined.isEmpty()
        ? new Judgement(GateVerdict.PASSED, null, scores)
        : new Judgement(
            GateVerdict.FAILED,
            "%s; the policy allows a drop of %s"
                .formatted(String.join(", ", ruined), points(largestDrop)),
            scores);
  }

  static Judgement unmeasured(String reason) {
    return new Judgement(GateVerdict.UNMEASURED, reason, List.of());
  }

  /** Whether the scores are those of the canaries, in their order. */
  static boolean isOf(List<GateState.Score> scores, List<GatePolicy.CanaryTask> canaries) {
    return scores.stream()
        .map(GateState.Score::name)
        .toList()
        .equals(canaries.stream().map(GatePolicy.CanaryTask::name).toList());
  }

  static String describe(List<GateState.Score> scores) {
    return scores.stream().map(GateRule::describe).collect(Collectors.joining(", "));
  }

  private static String describe(GateState.Score score) {
    return "%s %s of %s".formatted(score.name(), points(score.pruned()), points(score.reference()));
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }
}
