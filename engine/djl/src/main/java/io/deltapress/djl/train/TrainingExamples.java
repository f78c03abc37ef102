package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import java.io.IOException;

/** What a model is trained on, and what of it is to become small. */
interface TrainingExamples {

  /** How many examples there are. */
  int size();

  /**
   * Puts some examples into one batch. Called once per step, in the order of steps, and before
   * anything is recorded.
   */
  Batch batch(int[] indices) throws IOException;

  /** Examples that are computed together. */
  interface Batch {

    /** Number of tokens the model computes, filling included. */
    int tokens();

    /**
     * Computes the loss. Called while a graph is recorded, inside a scope which keeps what is
     * created here open until the backward pass has returned.
     *
     * @return float32 of rank 0
     */
    NDArray loss();
  }
}
