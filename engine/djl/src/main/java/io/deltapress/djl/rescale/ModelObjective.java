package io.deltapress.djl.rescale;

import java.io.IOException;

/** What makes one pruned model better than another, measured on its present weights. */
public interface ModelObjective extends AutoCloseable {

  /**
   * Says what is measured.
   *
   * @return a few words for people
   */
  String name();

  /**
   * Says which figures are good.
   *
   * @return the goal
   */
  Goal goal();

  /**
   * Says how the figures of several masks become one.
   *
   * @return the rule
   */
  MaskAverage average();

  /**
   * Measures the model.
   *
   * @return the figure
   * @throws IOException when it cannot be measured
   */
  double measure() throws IOException;

  @Override
  void close();
}
