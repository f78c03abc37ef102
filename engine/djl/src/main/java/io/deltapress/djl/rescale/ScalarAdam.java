package io.deltapress.djl.rescale;

/** Adam (Kingma and Ba, 2015, algorithm 1) on one number, in binary64. */
final class ScalarAdam {

  private static final double LEARNING_RATE = 1e-2;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private double value;
  private double mean;
  private double variance;

  ScalarAdam(double start) {
    this.value = start;
  }

  double value() {
    return value;
  }

  /**
   * Moves against a slope.
   *
   * @param slope the derivative, finite
   * @param step counted from 1
   * @param rate share of the learning rate, 0 to 1
   */
  void descend(double slope, int step, double rate) {
    mean = BETA1 * mean + (1 - BETA1) * slope;
    variance = BETA2 * variance + (1 - BETA2) * slope * slope;
    double meanNow = mean / (1 - StrictMath.pow(BETA1, step));
    double varianceNow = variance / (1 - StrictMath.pow(BETA2, step));
    value -= rate * LEARNING_RATE * meanNow / (StrictMath.sqrt(varianceNow) + EPSILON);
  }
}
