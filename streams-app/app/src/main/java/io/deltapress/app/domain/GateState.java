package io.deltapress.app.domain;

import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CanaryScore;
import io.deltapress.schemas.GateVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a delta has come on its ladder.
 *
 * @param policy that held when the delta was accepted; null if there was none
 * @param ladder the rungs it may try, at least one
 * @param current index of the rung being tried, or of the one that is published
 * @param fit what fitting the current rung found; null before, and where nothing is fitted
 * @param tried what came of the rungs so far
 * @param artifactDigest what was measured when a rung passed; null if nothing was
 */
public record GateState(
    @Nullable GatePolicy policy,
    List<Rung> ladder,
    int current,
    @Nullable Fit fit,
    List<Tried> tried,
    @Nullable String artifactDigest) {

  /** Copies the lists, so that the state is immutable. */
  public GateState {
    ladder = List.copyOf(ladder);
    tried = List.copyOf(tried);
  }

  /**
   * What fitting found; factors of single tensors are kept with the answers.
   *
   * @param rescale common factor q
   * @param text one line for a person
   */
  public record Fit(double rescale, String text) {}

  /**
   * A rung and what the gate said of it.
   *
   * @param fit how q was found; null where it was given
   * @param reason null if it passed
   */
  public record Tried(
      Rung rung,
      @Nullable String fit,
      GateVerdict verdict,
      @Nullable String reason,
      List<Score> scores) {

    /** Copies the scores, so that the record is immutable. */
    public Tried {
      scores = List.copyOf(scores);
    }
  }

  /** What a canary measured, as {@link CanaryScore} says it. */
  public record Score(
      String name,
      CanaryMetric metric,
      double reference,
      double pruned,
      @Nullable Double base,
      int examples) {

    /** The same against another reference. */
    Score against(double other) {
      return new Score(name, metric, other, pruned, base, examples);
    }

    /** Whether another score is of the same tasks, so that one is a reference for the other. */
    boolean isComparableTo(Score other) {
      return name.equals(other.name) && metric == other.metric && examples == other.examples;
    }

    static Score of(CanaryScore score) {
      return new Score(
          score.getName(),
          score.getMetric(),
          score.getReferenceScore(),
          score.getPrunedScore(),
          score.getBaseScore(),
          score.getExamples());
    }

    CanaryScore toRecord() {
      return CanaryScore.newBuilder()
          .setName(name)
          .setMetric(metric)
          .setReferenceScore(reference)
          .setPrunedScore(pruned)
          .setBaseScore(base)
          .setExamples(examples)
          .build();
    }
  }

  static GateState of(DeltaRequest request, Optional<GatePolicy> policy) {
    return new GateState(policy.orElse(null), Ladder.of(request, policy), 0, null, List.of(), null);
  }

  /** The rung in force, with what fitting it found. */
  Rung rung() {
    Rung rung = ladder.get(current);
    return fit == null ? rung : rung.fitted(fit.rescale());
  }

  boolean awaitsFit() {
    return fit == null && ladder.get(current).needsFit();
  }

  boolean hasLowerRung() {
    return current + 1 < ladder.size();
  }

  GateState fitted(Fit found) {
    return new GateState(policy, ladder, current, found, tried, artifactDigest);
  }

  /** After the gate said something of the current rung. */
  GateState judged(
      GateVerdict verdict,
      @Nullable String reason,
      List<Score> scores,
      @Nullable String measuredArtifact) {
    List<Tried> more = new ArrayList<>(tried);
    more.add(new Tried(rung(), fit == null ? null : fit.text(), verdict, reason, scores));
    return new GateState(policy, ladder, current, fit, more, measuredArtifact);
  }

  GateState oneRungLower() {
    return new GateState(policy, ladder, current + 1, null, tried, null);
  }

  Tried lastTried() {
    return tried.get(tried.size() - 1);
  }
}
