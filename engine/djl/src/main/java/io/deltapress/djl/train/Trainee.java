package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;

/** What a training changes, and what is kept of it. */
interface Trainee {

  /** Gives the manager whose device is used. */
  NDManager manager();

  /** Gives the weights that are trained, by name; they stay the same arrays throughout. */
  SortedMap<String, NDArray> trained();

  /**
   * Gives what changes besides weights, such as running statistics, by name.
   *
   * @return the arrays themselves, which are read when the state is saved and written over when the
   *     training resumes
   */
  default SortedMap<String, double[]> memory() {
    return Collections.emptySortedMap();
  }

  /**
   * Writes what the training made.
   *
   * @param out the new directory, which appears whole or not at all
   * @return digest of the weights in it
   */
  WeightsDigest save(Path out) throws IOException;
}
