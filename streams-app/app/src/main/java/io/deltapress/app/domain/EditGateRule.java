package io.deltapress.app.domain;

import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.GateVerdict;
import java.util.List;

/**
 * Judges edits: they pass if no canary lost more than their policy allows against the same version
 * without any edit, so that drift cannot hide in small steps. Where edits were folded into the
 * delta, that is the version without those too: its scores are remembered from when they were
 * folded.
 */
final class EditGateRule {
  private EditGateRule() {}

  /** What the gate says of a run that measured canaries. */
  static BatchState.Judged judge(
      EditRules rules, EditsRun run, List<GateState.Score> rememberedReferences) {
    if (rules.canaries().isEmpty()) {
      return noCanary(rules);
    }
    if (run.getUnmeasurable() != null) {
      return unmeasured(run.getUnmeasurable());
    }
    List<GateState.Score> scores =
        run.getCanaries().stream()
            .map(GateState.Score::of)
            .map(score -> against(score, rememberedReferences))
            .toList();
    if (!GateRule.isOf(scores, rules.canaries())) {
      return unmeasured("the worker measured other canaries than the policy names");
    }
    GateRule.Judgement judgement = GateRule.compare(scores, rules.largestDrop());
    return new BatchState.Judged(judgement.verdict(), judgement.reason(), judgement.scores());
  }

  static BatchState.Judged noCanary(EditRules rules) {
    return unmeasured(
        rules.scope() == null
            ? "no policy covers the model"
            : "policy %s names no canary".formatted(rules.scope()));
  }

  static BatchState.Judged unmeasured(String reason) {
    return new BatchState.Judged(GateVerdict.UNMEASURED, reason, List.of());
  }

  private static GateState.Score against(GateState.Score score, List<GateState.Score> references) {
    return references.stream()
        .filter(score::isComparableTo)
        .findFirst()
        .map(reference -> score.against(reference.reference()))
        .orElse(score);
  }
}
