package io.deltapress.djl.study;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One fine-tune pruned in one way at one rate.
 *
 * @param key which cell it is
 * @param rescale what it divides by
 * @param measurements one per seed; a single one where nothing is drawn
 */
public record Cell(CellKey key, RescaleChoice rescale, List<Measurement> measurements) {

  /** Makes the list unmodifiable. */
  public Cell {
    measurements = List.copyOf(measurements);
  }

  /**
   * Summarizes the scores on the test tasks.
   *
   * @return mean and deviation over the seeds, 0 to 1
   */
  public Summary score() {
    return summary(Measurement::score);
  }

  /**
   * Summarizes the changes of the outputs.
   *
   * @return mean and deviation over the seeds
   */
  public Summary outputChange() {
    return summary(Measurement::outputChange);
  }

  /**
   * Summarizes the sizes of the artifacts.
   *
   * @return mean and deviation over the seeds, in bytes
   */
  public Summary bytes() {
    return summary(Measurement::bytes);
  }

  private Summary summary(ToDoubleFunction<Measurement> figure) {
    return Summary.of(measurements.stream().mapToDouble(figure).boxed().toList());
  }
}
