package io.deltapress.djl.rescale;

import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Evaluator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses one rescale factor for a whole delta by the accuracy of the pruned model on validation
 * tasks (DAREx-q with labels), averaged over several masks, since one mask can mislead by a step of
 * the grid.
 */
public final class RescaleSearch {

  private static final double[] MULTIPLES = {1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5};

  private final PrunedModel pruned;
  private final Evaluator validation;
  private final List<Long> seeds;

  /**
   * Prepares a search.
   *
   * @param pruned whose delta is pruned; its weights change
   * @param validation measures that model on tasks that neither train nor test it
   * @param seeds of the masks to average over, at least one
   */
  public RescaleSearch(PrunedModel pruned, Evaluator validation, List<Long> seeds) {
    this.pruned = pruned;
    this.validation = validation;
    this.seeds = List.copyOf(seeds);
  }

  /**
   * One factor that was tried.
   *
   * @param rescale the factor q
   * @param exactMatch mean over the masks, 0 to 1
   */
  public record Candidate(double rescale, double exactMatch) {}

  /**
   * Tries multiples of 1 - p from 1 to 5.
   *
   * @param pruneRate the prune rate p, at least 0 and below 1
   * @return every candidate, the best one first; of equals, the one closest to plain DARE
   */
  public List<Candidate> search(double pruneRate) {
    List<Candidate> candidates = new ArrayList<>();
    for (double multiple : MULTIPLES) {
      double rescale = rounded(multiple * (1 - pruneRate));
      if (rescale <= 1) {
        candidates.add(new Candidate(rescale, mean(pruneRate, rescale)));
      }
    }
    candidates.sort(
        Comparator.comparingDouble(Candidate::exactMatch)
            .reversed()
            .thenComparingDouble(Candidate::rescale));
    return List.copyOf(candidates);
  }

  /**
   * Measures one factor.
   *
   * @param pruneRate the prune rate p
   * @param rescale the factor q
   * @return mean exact match over the masks
   */
  public double mean(double pruneRate, double rescale) {
    double sum = 0;
    for (long seed : seeds) {
      pruned.prune(pruneRate, rescale, seed);
      sum += validation.evaluate(EvaluationListener.none()).exactMatch();
    }
    return sum / seeds.size();
  }

  /** 1 - .99 is not .01 in binary; six decimals are finer than the grid. */
  private static double rounded(double rescale) {
    return Math.round(rescale * 1e6) / 1e6;
  }
}
