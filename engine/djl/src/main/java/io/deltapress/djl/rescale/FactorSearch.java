package io.deltapress.djl.rescale;

import io.deltapress.format.artifact.RescaleFactors;
import java.io.IOException;

/** Finds the scalar that a family of rescale factors depends on. */
interface FactorSearch {

  /** The factors that a value of the scalar stands for. */
  RescaleFactors factors(double value);

  /** Measures values until the best is found. */
  Trials search(FactorMeasure measure) throws IOException;
}
