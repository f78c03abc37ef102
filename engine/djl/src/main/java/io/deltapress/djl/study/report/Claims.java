package io.deltapress.djl.study.report;

import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.DeltaKind;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.Technique;
import io.deltapress.format.artifact.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Checks by the figures of a study what the paper shows by its own. */
public final class Claims {

  /** A model that keeps less than this share of its fine-tune's score has collapsed. */
  static final double COLLAPSED = 0.5;

  /** A model that keeps at least this share of its fine-tune's score holds. */
  static final double HOLDS = 0.8;

  /** Smaller differences of two scores do not count: one point. */
  static final double MARGIN = 0.01;

  private static final double HIGH_RATE = 0.9;

  private static final List<Technique> DAREX_Q = techniques(t -> t.method() == Method.DAREX_Q);
  private static final List<Technique> IMPORTANCE = techniques(t -> !t.drawn());

  private final Scores scores;

  private Claims(Scores scores) {
    this.scores = scores;
  }

  /**
   * Checks all claims.
   *
   * @param scores the figures
   * @return the claims with their verdicts, always in the same order
   */
  public static List<Claim> check(Scores scores) {
    Claims claims = new Claims(scores);
    return List.of(
        claims.darexHolds(),
        claims.pullIsBest(),
        claims.importanceWins(
            "Importance pruning wins over DARE on large deltas", "DARE", List.of(Technique.DARE)),
        claims.importanceWins(
            "Importance pruning wins over DAREx-q on large deltas (the paper does not compare them)",
            "every DAREx-q",
            DAREX_Q));
  }

  private static List<Technique> techniques(Predicate<Technique> wanted) {
    return Arrays.stream(Technique.values()).filter(wanted).toList();
  }

  private Claim darexHolds() {
    List<String> evidence = new ArrayList<>();
    int cases = 0;
    int shown = 0;
    for (FineTuneFacts fineTune : scores.fineTunes()) {
      Optional<Case> best = mostTelling(fineTune);
      if (best.isPresent()) {
        cases++;
        boolean holds = best.get().right.score().mean() >= HOLDS * fineTune.score();
        shown += holds ? 1 : 0;
        evidence.add(best.get().line(fineTune, holds ? "holds" : "does not hold"));
      } else {
        evidence.add(fineTune.name() + ": DARE does not collapse at any p");
      }
    }
    return new Claim(
        "DARE collapses at high p where DAREx-q holds",
        "of every fine-tune that DARE ruins (less than half of its score left), DAREx-q keeps at"
            + " least 80 % at a p where that happens",
        Claim.Verdict.of(shown, cases),
        evidence);
  }

  /** Of the rates at which DARE collapses, the one at which DAREx-q is best. */
  private Optional<Case> mostTelling(FineTuneFacts fineTune) {
    Optional<Case> telling = Optional.empty();
    for (double rate : scores.pruneRates()) {
      Optional<Cell> dare = scores.find(fineTune.name(), Technique.DARE, rate);
      Optional<Cell> darex = scores.best(fineTune.name(), DAREX_Q, rate);
      if (dare.isPresent()
          && darex.isPresent()
          && dare.get().score().mean() < COLLAPSED * fineTune.score()
          && (telling.isEmpty()
              || darex.get().score().mean() > telling.get().right.score().mean())) {
        telling = Optional.of(new Case(dare.get(), darex.get()));
      }
    }
    return telling;
  }

  private Claim pullIsBest() {
    List<String> evidence = new ArrayList<>();
    int cases = 0;
    int shown = 0;
    for (FineTuneFacts pulled : ofKind(DeltaKind.L2)) {
      for (FineTuneFacts plain : scores.fineTunes()) {
        if (plain.task().equals(pulled.task()) && plain.kind() == DeltaKind.SMALL) {
          for (double rate : highRates()) {
            Optional<Cell> dare = scores.find(pulled.name(), Technique.DARE, rate);
            Optional<Cell> best = scores.best(plain.name(), scores.techniques(), rate);
            if (dare.isPresent()
                && best.isPresent()
                && !new Case(dare.get(), best.get()).bothCollapsed(plain)) {
              cases++;
              boolean better = dare.get().score().mean() >= best.get().score().mean() - MARGIN;
              shown += better ? 1 : 0;
              evidence.add(
                  new Case(dare.get(), best.get())
                      .line(pulled, better ? "as good or better" : "worse"));
            }
          }
        }
      }
    }
    return new Claim(
        "DAREx-L2 is best when training is ours",
        "at every p from .9 on where not both have collapsed, plain DARE of the fine-tune that was held near its base scores, to"
            + " within a point, at least what the best technique makes of the plain fine-tune",
        Claim.Verdict.of(shown, cases),
        evidence);
  }

  private Claim importanceWins(String statement, String rival, List<Technique> rivals) {
    List<String> evidence = new ArrayList<>();
    int cases = 0;
    int shown = 0;
    for (FineTuneFacts large : ofKind(DeltaKind.LARGE)) {
      for (double rate : scores.pruneRates()) {
        Optional<Cell> dare = scores.find(large.name(), Technique.DARE, rate);
        Optional<Cell> importance = scores.best(large.name(), IMPORTANCE, rate);
        Optional<Cell> best = scores.best(large.name(), rivals, rate);
        if (dare.isEmpty() || importance.isEmpty() || best.isEmpty()) {
          continue;
        }
        Case pair = new Case(importance.get(), best.get());
        if (lost(dare.get(), large) <= MARGIN || pair.bothCollapsed(large)) {
          continue;
        }
        cases++;
        double lead = importance.get().score().mean() - best.get().score().mean();
        shown += lead > MARGIN ? 1 : 0;
        evidence.add(
            pair.line(large, lead > MARGIN ? "wins" : lead < -MARGIN ? "loses" : "no difference"));
      }
    }
    return new Claim(
        statement,
        "on every fine-tune with a large delta, at every p where DARE loses more than a point and"
            + " not both have collapsed, magnitude or WANDA is more than a point better than "
            + rival,
        Claim.Verdict.of(shown, cases),
        evidence);
  }

  private static double lost(Cell cell, FineTuneFacts fineTune) {
    return fineTune.score() - cell.score().mean();
  }

  private List<FineTuneFacts> ofKind(DeltaKind kind) {
    return scores.fineTunes().stream().filter(fineTune -> fineTune.kind() == kind).toList();
  }

  private List<Double> highRates() {
    return scores.pruneRates().stream().filter(rate -> rate >= HIGH_RATE).toList();
  }

  /** Two cells at the same p, side by side. */
  private record Case(Cell left, Cell right) {

    boolean bothCollapsed(FineTuneFacts fineTune) {
      return Math.max(left.score().mean(), right.score().mean()) < COLLAPSED * fineTune.score();
    }

    String line(FineTuneFacts fineTune, String outcome) {
      return "%s (%s unpruned), p = %s: %s %s, %s %s: %s"
          .formatted(
              fineTune.name(),
              Numbers.score(fineTune.score()),
              Numbers.rate(left.key().pruneRate()),
              name(left, fineTune),
              Numbers.score(left.score()),
              name(right, fineTune),
              Numbers.score(right.score()),
              outcome);
    }

    private static String name(Cell cell, FineTuneFacts fineTune) {
      String label = cell.key().technique().label();
      return cell.key().fineTune().equals(fineTune.name())
          ? label
          : label + " of " + cell.key().fineTune();
    }
  }
}
