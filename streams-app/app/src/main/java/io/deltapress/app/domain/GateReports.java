package io.deltapress.app.domain;

import io.deltapress.schemas.GateReport;
import io.deltapress.schemas.GateRung;
import org.jspecify.annotations.Nullable;

/** Words what a gate measured, for versions and events. */
final class GateReports {
  private GateReports() {}

  /**
   * What was measured before a version became head; null for a delta that an earlier release took
   * past its gate, which tried nothing.
   */
  static @Nullable GateReport report(GateState gate) {
    if (gate.tried().isEmpty()) {
      return null;
    }
    GatePolicy policy = gate.policy();
    GateState.Tried last = gate.lastTried();
    return GateReport.newBuilder()
        .setVerdict(last.verdict())
        .setReason(last.reason())
        .setPolicyScope(policy == null ? null : policy.scope())
        .setLargestDrop(policy == null ? null : policy.largestDrop())
        .setRungs(gate.tried().stream().map(GateReports::rung).toList())
        .build();
  }

  static GateRung rung(GateState.Tried tried) {
    return GateRung.newBuilder()
        .setMethod(tried.rung().method())
        .setPruneRate(tried.rung().pruneRate())
        .setRescale(tried.rung().rescale())
        .setFit(tried.fit())
        .setVerdict(tried.verdict())
        .setReason(tried.reason())
        .setCanaries(tried.scores().stream().map(GateState.Score::toRecord).toList())
        .build();
  }
}
