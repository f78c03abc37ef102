package io.deltapress.djl.rescale;

import io.deltapress.format.artifact.RescaleFactors;

/**
 * Rescale factors that were found.
 *
 * @param strategy how
 * @param pruneRate the prune rate p they are for
 * @param factors the factors
 * @param parameter the scalar that was chosen: see {@link RescaleStrategy#parameter}
 * @param measured what was measured, in words
 * @param objective the figure of the chosen factors, averaged over masks
 * @param trials everything that was tried, in that order
 */
public record RescaleFit(
    RescaleStrategy strategy,
    double pruneRate,
    RescaleFactors factors,
    double parameter,
    String measured,
    double objective,
    Trials trials) {

  /**
   * Counts what was tried.
   *
   * @return how many values were measured, each with every mask
   */
  public int evaluations() {
    return trials.all().size();
  }
}
