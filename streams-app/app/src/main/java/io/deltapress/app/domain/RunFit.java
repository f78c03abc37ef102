package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Stage;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditStanding;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.ModelVersion;
import java.util.List;
import java.util.Optional;

/** Compares what a worker answered with what it was asked. */
final class RunFit {
  private RunFit() {}

  /** What does not fit, one line for a person; empty if all does. */
  static Optional<String> broken(
      BatchState batch, RunAsk ask, EditsRun run, Optional<ModelVersion> foundation) {
    return identities(ask, run)
        .or(() -> artifacts(run))
        .or(() -> canaries(batch, ask, run))
        .or(() -> folded(batch, run))
        .or(() -> foundation(batch, run, foundation));
  }

  private static Optional<String> identities(RunAsk ask, EditsRun run) {
    List<String> computed = run.getOutcomes().stream().map(EditOutcome::getEditId).toList();
    List<String> checked = run.getStanding().stream().map(EditStanding::getEditId).toList();
    return computed.equals(RunAsk.ids(ask.edits())) && checked.equals(RunAsk.ids(ask.standing()))
        ? Optional.empty()
        : Optional.of("the answer is about other edits than the task");
  }

  private static Optional<String> artifacts(EditsRun run) {
    for (EditOutcome outcome : run.getOutcomes()) {
      boolean applied = outcome.getVerdict() == EditVerdict.APPLIED;
      boolean hasArtifact =
          outcome.getEntry() != null
              && outcome.getEntry().getEditId().equals(outcome.getEditId())
              && outcome.getEntry().getArtifact().getLocation() != null;
      if (outcome.getVerdict() == EditVerdict.UNKNOWN || (applied && !hasArtifact)) {
        return Optional.of(
            "the answer has no artifact of edit %s that this release knows"
                .formatted(outcome.getEditId()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> canaries(BatchState batch, RunAsk ask, EditsRun run) {
    boolean nothingToScore = !ask.measures() || run.getUnmeasurable() != null;
    boolean nothingApplied =
        batch.stage() == Stage.COMPUTE
            && run.getOutcomes().stream()
                .noneMatch(outcome -> outcome.getVerdict() == EditVerdict.APPLIED)
            && run.getCanaries().isEmpty();
    List<GateState.Score> scores = run.getCanaries().stream().map(GateState.Score::of).toList();
    return nothingToScore || nothingApplied || GateRule.isOf(scores, batch.rules().canaries())
        ? Optional.empty()
        : Optional.of("the worker measured other canaries than the policy names");
  }

  private static Optional<String> folded(BatchState batch, EditsRun run) {
    boolean asked = batch.stage() == Stage.FOLD;
    boolean there = run.getFolded() != null && !run.getFolded().getShards().isEmpty();
    return asked == there
        ? Optional.empty()
        : Optional.of(
            asked ? "the answer has no delta" : "the answer has a delta that nobody asked for");
  }

  /** Edits of one foundation must be computed on the same weights, whoever computes them. */
  private static Optional<String> foundation(
      BatchState batch, EditsRun run, Optional<ModelVersion> version) {
    String seen = run.getFoundationDigest();
    boolean applied =
        run.getOutcomes().stream().anyMatch(outcome -> outcome.getVerdict() == EditVerdict.APPLIED);
    if (seen == null && applied) {
      return Optional.of("the answer does not say which weights are below the edits");
    }
    String known =
        batch.foundationDigest() != null
            ? batch.foundationDigest()
            : version.map(ModelVersion::getFoundationDigest).orElse(null);
    return seen == null || known == null || seen.equals(known)
        ? Optional.empty()
        : Optional.of(
            "the worker found weights %s below the edits and another one %s"
                .formatted(seen, known));
  }
}
