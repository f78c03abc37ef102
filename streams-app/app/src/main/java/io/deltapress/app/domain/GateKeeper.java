package io.deltapress.app.domain;

import io.deltapress.schemas.Calibrated;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.GateMeasured;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.WhenUnmeasured;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes a surveyed delta down its ladder: fit q where the policy wants that, measure, judge, and on
 * failure try the next rung. A rung that passes is pruned as it was measured.
 */
final class GateKeeper {
  private final PlannerSettings settings;

  GateKeeper(PlannerSettings settings) {
    this.settings = settings;
  }

  /** What follows for a delta that has a rung to try and nothing in flight. */
  Decision tryRung(ModelState model, DeltaState delta, Instant now) {
    GateState gate = delta.gate();
    GatePolicy policy = gate.policy();
    if (policy == null) {
      GateRule.Judgement judgement =
          GateRule.unmeasured("no policy covers " + delta.request().modelKey());
      return Decision.nothing(
          model.with(delta.with(judged(gate, judgement, null)).at(Phase.PRUNING)));
    }
    boolean measurable = !policy.canaries().isEmpty();
    // What is published unmeasured is still fitted; what will be rejected need not be.
    if (gate.awaitsFit() && (measurable || policy.whenUnmeasured() == WhenUnmeasured.PUBLISH)) {
      return Decision.nothing(model.with(delta.at(Phase.CALIBRATING)));
    }
    return measurable
        ? Decision.nothing(model.with(delta.at(Phase.MEASURING)))
        : unmeasured(
            model,
            delta,
            GateRule.unmeasured("policy %s names no canary".formatted(policy.scope())),
            now);
  }

  /** A worker fitted the factors of the rung being tried. */
  Decision calibrated(
      ModelState model, DeltaState before, String taskId, Calibrated found, Instant now) {
    if (found.getUnfittable() != null) {
      return unmeasured(
          model, before.answered(taskId), GateRule.unmeasured(found.getUnfittable()), now);
    }
    GateState.Fit fit = new GateState.Fit(found.getRescale(), found.getText());
    DeltaState delta = before.answered(taskId).with(before.gate().fitted(fit));
    Announcer announcer =
        announcer(delta, now)
            .say(
                EventTypes.DELTA_CALIBRATED,
                "p %s: %s".formatted(delta.gate().rung().pruneRate(), found.getText()));
    return tryRung(model, delta.announced(announcer.count()), now).after(announcer.events());
  }

  /** A worker measured the rung being tried, or said why it cannot. */
  Decision measured(
      ModelState model, DeltaState before, String taskId, GateMeasured measured, Instant now) {
    DeltaState delta = before.answered(taskId);
    GateRule.Judgement judgement = GateRule.judge(policy(delta), measured);
    return switch (judgement.verdict()) {
      case PASSED -> passed(model, delta, judgement, measured, now);
      case FAILED -> failed(model, delta, judgement, now);
      default -> unmeasured(model, delta, judgement, now);
    };
  }

  private Decision passed(
      ModelState model,
      DeltaState before,
      GateRule.Judgement judgement,
      GateMeasured measured,
      Instant now) {
    GateState gate = judged(before.gate(), judgement, measured.getArtifactDigest());
    Delivery delivery =
        measured.getArtifactBytes() <= settings.inlineMaxBytes()
            ? Delivery.INLINE
            : Delivery.STORED;
    String message =
        "p %s passed: %s"
            .formatted(gate.rung().pruneRate(), GateRule.describe(gate.lastTried().scores()));
    Announcer announcer =
        announcer(before, now)
            .sayOfRung(EventTypes.DELTA_GATE_PASSED, message, GateReports.rung(gate.lastTried()));
    DeltaState delta =
        before.with(gate).deliveredAs(delivery).at(Phase.PRUNING).announced(announcer.count());
    return new Decision(model.with(delta), announcer.events(), List.of());
  }

  private Decision failed(
      ModelState model, DeltaState before, GateRule.Judgement judgement, Instant now) {
    GateState gate = judged(before.gate(), judgement, null);
    String message = "p %s failed: %s".formatted(gate.rung().pruneRate(), judgement.reason());
    Announcer announcer =
        announcer(before, now)
            .sayOfRung(EventTypes.DELTA_GATE_FAILED, message, GateReports.rung(gate.lastTried()));
    DeltaState delta = before.with(gate).announced(announcer.count());
    Decision next =
        gate.hasLowerRung()
            ? tryRung(model, delta.with(gate.oneRungLower()), now)
            : Endings.reject(model, delta, ReasonCode.GATE_FAILED, everyRungFailed(gate), now);
    return next.after(announcer.events());
  }

  private static String everyRungFailed(GateState gate) {
    return gate.tried().stream()
            .map(tried -> "p %s: %s".formatted(tried.rung().pruneRate(), tried.reason()))
            .collect(Collectors.joining("; ", "every rung failed: ", ""))
        + ": add a lower rung to the policy or train with less change";
  }

  private Decision unmeasured(
      ModelState model, DeltaState before, GateRule.Judgement judgement, Instant now) {
    GateState gate = judged(before.gate(), judgement, null);
    String message =
        "p %s was not measured: %s".formatted(gate.rung().pruneRate(), judgement.reason());
    Announcer announcer =
        announcer(before, now)
            .sayOfRung(
                EventTypes.DELTA_GATE_UNMEASURED, message, GateReports.rung(gate.lastTried()));
    DeltaState delta = before.with(gate).announced(announcer.count());
    Decision next =
        policy(delta).whenUnmeasured() == WhenUnmeasured.PUBLISH
            ? Decision.nothing(model.with(delivered(delta).at(Phase.PRUNING)))
            : Endings.reject(
                model,
                delta,
                ReasonCode.GATE_UNMEASURED,
                message + ": see the policy's canaries, or let it publish what is unmeasured",
                now);
    return next.after(announcer.events());
  }

  /**
   * The survey estimated the first rung; a lower one keeps more, and without a measurement only the
   * size of the weights bounds it.
   */
  private DeltaState delivered(DeltaState delta) {
    boolean mayOutgrowKafka =
        delta.gate().current() > 0 && delta.findings().denseBytes() > settings.inlineMaxBytes();
    return mayOutgrowKafka ? delta.deliveredAs(Delivery.STORED) : delta;
  }

  private static GateState judged(
      GateState gate, GateRule.Judgement judgement, @Nullable String artifact) {
    return gate.judged(judgement.verdict(), judgement.reason(), judgement.scores(), artifact);
  }

  private static Announcer announcer(DeltaState delta, Instant now) {
    return new Announcer(delta.request(), delta.announced(), now);
  }

  private static GatePolicy policy(DeltaState delta) {
    GatePolicy policy = delta.gate().policy();
    if (policy == null) {
      throw new IllegalStateException("no policy covers " + delta.request().modelKey());
    }
    return policy;
  }
}
