package io.deltapress.djl.rescale;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Chooses a rescale factor per linear layer from what its delta does to the mean input, without
 * running the model (DAREx, "Algorithm 3"); one scalar eta, which has to be searched, weighs noise
 * against shrinkage.
 *
 * <p>A row's factor minimises J(q) = | eta (1 - (1-p)/q) S + eta^2 Phi(p) Q / (4 q^2) + ln(2 /
 * (1-.95)) |, which is eta times the Chernoff bound that the row's error keeps at 95 %. A layer's
 * factor is the mean of its rows', as published; rows whose delta is zero have none. So that a few
 * outliers do not decide, no row goes beyond the factor at which four of five rows have passed
 * their best, as the published scan stops there.
 *
 * <p>Everything is computed in binary64. The published code computes in binary16, where J is
 * rounded to 1/512 and squares vanish, so its values of eta mean nothing here. Factors lie on a
 * grid that starts at 1 - p itself and has steps of (1-p)/100, so it is as fine for every p.
 */
public final class AnalyticRescale {

  /** Largest factor of the grid, as published. */
  public static final double LARGEST = 0.998;

  private static final double STEPS_PER_KEEP_RATE = 100;
  private static final double CONFIDENCE_TERM = StrictMath.log(2 / (1 - 0.95));
  private static final double ROWS_TO_PASS = 0.8;

  private final double keepRate;
  private final double phi;
  private final double eta;
  private final Sides sides;
  private final int last;

  /** Which errors a row is protected from. */
  public enum Sides {
    /** As published: rows with S below 0 never stop improving and end at the largest factor. */
    ONE,
    /** |S| in place of S, so that a row and its negative get the same factor. */
    TWO
  }

  /**
   * Prepares the choice.
   *
   * @param pruneRate the prune rate p, above 0 and below 1
   * @param eta how much noise weighs, positive
   * @param sides which errors count
   */
  public AnalyticRescale(double pruneRate, double eta, Sides sides) {
    this.keepRate = RandomDrop.keepRate(pruneRate);
    this.phi = RandomDrop.phi(pruneRate);
    this.eta = eta;
    this.sides = sides;
    // A point that only rounding puts beyond the end still belongs to the grid.
    this.last =
        (int) Math.max(0, Math.floor((LARGEST / keepRate - 1) * STEPS_PER_KEEP_RATE + 1e-6));
  }

  private double factor(int index) {
    return keepRate * (1 + index / STEPS_PER_KEEP_RATE);
  }

  /**
   * Computes what a row's factor minimises.
   *
   * @param row the influence of the row's delta on the mean input
   * @param rescale the factor q, positive
   * @return J(q)
   */
  public double objective(Influence row, double rescale) {
    double sum = sides == Sides.TWO ? Math.abs(row.sum()) : row.sum();
    return Math.abs(
        eta * (1 - keepRate / rescale) * sum
            + eta * eta * phi * row.squares() / (4 * rescale * rescale)
            + CONFIDENCE_TERM);
  }

  /**
   * Chooses the factor of one row.
   *
   * @param row the influence of the row's delta on the mean input
   * @return the point of the grid with the smallest J; of equals the largest
   */
  public double row(Influence row) {
    return factor(best(row));
  }

  /**
   * Chooses the factor of a layer.
   *
   * @param rows the influence of each row's delta on the mean input
   * @return mean of the rows' factors; 1 - p when the delta is zero
   */
  public double layer(List<Influence> rows) {
    List<Integer> found = new ArrayList<>();
    for (Influence row : rows) {
      if (row.squares() > 0) {
        found.add(best(row));
      }
    }
    if (found.isEmpty()) {
      return keepRate;
    }
    int limit = limit(found);
    return found.stream()
        .mapToDouble(index -> factor(Math.min(index, limit)))
        .average()
        .orElseThrow();
  }

  /** Rows have passed their best one step after it; those with it at the end never do. */
  private int limit(List<Integer> found) {
    List<Integer> sorted = new ArrayList<>(found);
    Collections.sort(sorted);
    int enough = (int) Math.ceil(ROWS_TO_PASS * sorted.size()) - 1;
    return Math.min(last, sorted.get(enough) + 1);
  }

  /**
   * In u = 1/q, J is the magnitude of a parabola. On the grid it is smallest beside the vertex or a
   * root, or at an end, so a scan is not needed.
   */
  private int best(Influence row) {
    double sum = sides == Sides.TWO ? Math.abs(row.sum()) : row.sum();
    double curvature = eta * eta * phi * row.squares() / 4;
    double slope = -eta * keepRate * sum;
    double offset = eta * sum + CONFIDENCE_TERM;
    Minimum minimum = new Minimum(row);
    minimum.offer(0);
    minimum.offer(last);
    minimum.offerAround(-slope / (2 * curvature));
    double discriminant = slope * slope - 4 * curvature * offset;
    if (discriminant >= 0) {
      double root = StrictMath.sqrt(discriminant);
      minimum.offerAround((-slope - root) / (2 * curvature));
      minimum.offerAround((-slope + root) / (2 * curvature));
    }
    return minimum.index;
  }

  private final class Minimum {
    private final Influence row;
    private int index = -1;
    private double smallest = Double.POSITIVE_INFINITY;

    Minimum(Influence row) {
      this.row = row;
    }

    void offerAround(double inverse) {
      double at = (1 / (inverse * keepRate) - 1) * STEPS_PER_KEEP_RATE;
      if (inverse > 0 && at > -1 && at < last + 1) {
        offer((int) Math.floor(at));
        offer((int) Math.floor(at) + 1);
      }
    }

    void offer(int candidate) {
      if (candidate < 0 || candidate > last) {
        return;
      }
      double value = objective(row, factor(candidate));
      if (value < smallest || value == smallest && candidate > index) {
        smallest = value;
        index = candidate;
      }
    }
  }
}
