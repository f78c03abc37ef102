package io.deltapress.djl.rescale;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The published search for a scalar, coarse and then fine (DAREx, official {@code
 * find_optimal_param}).
 *
 * <p>The first stage goes up from the lowest value in whole steps, at most one step beyond the
 * highest; the second in tenths of a step, from nine tenths below the best so far to one step
 * above. Each ends after four values in a row that are worse than the best of the stage. The answer
 * is the best of both; of equals the one tried first, so the lower. Nothing below the lowest value
 * is ever tried.
 *
 * @param lowest first value
 * @param highest end of the first stage
 * @param step of the first stage, positive
 * @param limit values above are not tried
 */
public record TwoStageSearch(double lowest, double highest, double step, double limit) {

  /** A stage ends after so many values in a row that are worse than its best. */
  static final int PATIENCE = 4;

  private static final double FINER = 0.1;
  private static final double BACK = 0.9;

  /** Values are rounded to so many parts of one, to be what a person would write. */
  private static final double RESOLUTION = 1e12;

  /** What is measured of a value. */
  @FunctionalInterface
  public interface Measure {

    /**
     * Measures a value.
     *
     * @param value what to try
     * @return the figure; NaN is worse than all else
     * @throws IOException when it cannot be measured
     */
    double at(double value) throws IOException;
  }

  /**
   * A search for a rescale factor: from 1 - p to ten times that, and to 1 at most.
   *
   * @param pruneRate the prune rate p, above 0 and below 1
   * @return the search
   */
  public static TwoStageSearch forRescale(double pruneRate) {
    double keepRate = RandomDrop.keepRate(pruneRate);
    return new TwoStageSearch(
        keepRate, Math.min(1, 10 * keepRate), Math.min(keepRate, (1 - keepRate) / 10), 1);
  }

  /**
   * Searches.
   *
   * @param goal which figures are good
   * @param measure called once per value
   * @return every value that was tried, in that order
   * @throws IOException when a value cannot be measured
   */
  public Trials run(Goal goal, Measure measure) throws IOException {
    List<Trial> trials = new ArrayList<>();
    stage(grid(lowest, highest + step, step), goal, measure, trials);
    double centre = new Trials(goal, trials).best().value();
    double fine = step * FINER;
    double from = Math.max(lowest + fine, centre - BACK * step);
    stage(grid(from, centre + step, fine), goal, measure, trials);
    return new Trials(goal, trials);
  }

  private List<Double> grid(double from, double below, double width) {
    // As many values as lie below the end, whatever rounding does to the last of them.
    long count = (long) Math.ceil((below - from) / width - 1e-9);
    List<Double> values = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      double value = Math.round((from + i * width) * RESOLUTION) / RESOLUTION;
      if (value <= limit) {
        values.add(value);
      }
    }
    return values;
  }

  /** Tries values in their order, and adds them to those tried, until too many are worse. */
  private static void stage(List<Double> values, Goal goal, Measure measure, List<Trial> trials)
      throws IOException {
    double best = Double.NaN;
    int worse = 0;
    for (double value : values) {
      double figure = measure.at(value);
      trials.add(new Trial(value, figure));
      worse = goal.isBetter(best, figure) ? worse + 1 : 0;
      best = worse == 0 ? figure : best;
      if (worse == PATIENCE) {
        return;
      }
    }
  }
}
