package io.deltapress.djl.rescale;

import java.util.List;

/**
 * What a search tried, in that order.
 *
 * @param all every value, at least one
 */
public record Trials(List<Trial> all) {

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
   * @return the one of highest quality; of equals the one tried first
   */
  public Trial best() {
    Trial best = all.get(0);
    for (Trial trial : all) {
      if (trial.quality() > best.quality()) {
        best = trial;
      }
    }
    return best;
  }
}
