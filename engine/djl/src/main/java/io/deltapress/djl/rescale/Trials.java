package io.deltapress.djl.rescale;

import java.util.List;

/**
 * What a search tried, in that order.
 *
 * @param goal which figures are good
 * @param all every value, at least one
 */
public record Trials(Goal goal, List<Trial> all) {

  /** Copies the list. */
  public Trials {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("nothing was tried");
    }
  }

  /**
   * Picks the best.
   *
   * @return the one of the best figure; of equals the one tried first
   */
  public Trial best() {
    Trial best = all.get(0);
    for (Trial trial : all) {
      if (goal.isBetter(trial.figure(), best.figure())) {
        best = trial;
      }
    }
    return best;
  }
}
