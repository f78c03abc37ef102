package io.deltapress.app.cli;

import io.deltapress.schemas.EditGate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of the edits of a version, as JSON: {@code reference} is a canary's score
 * without any edit, {@code pruned} with all of the version's.
 */
record EditGateDocument(
    String verdict,
    @Nullable String reason,
    @Nullable String policyScope,
    @Nullable Double largestDrop,
    List<GateDocument.Score> canaries) {

  static @Nullable EditGateDocument of(@Nullable EditGate gate) {
    return gate == null
        ? null
        : new EditGateDocument(
            PolicyFile.spelled(gate.getVerdict()),
            gate.getReason(),
            gate.getPolicyScope(),
            gate.getLargestDrop(),
            gate.getCanaries().stream().map(GateDocument.Score::of).toList());
  }

  String text() {
    return GateDocument.Score.text(canaries).isEmpty()
        ? "%s: %s".formatted(verdict, Printable.of(String.valueOf(reason)))
        : "%s, %s without edits".formatted(verdict, GateDocument.Score.text(canaries));
  }
}
