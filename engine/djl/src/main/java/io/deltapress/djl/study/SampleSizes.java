package io.deltapress.djl.study;

/**
 * How much of each task file is used: always the first lines.
 *
 * @param test most tasks that a figure is reported on
 * @param validation most labelled tasks that a choice is made by
 * @param calibration most unlabelled inputs that outputs are compared on
 */
public record SampleSizes(int test, int validation, int calibration) {

  /** Checks the ranges. */
  public SampleSizes {
    if (test < 1 || validation < 1 || calibration < 1) {
      throw new IllegalArgumentException("every sample must have at least one task");
    }
  }
}
