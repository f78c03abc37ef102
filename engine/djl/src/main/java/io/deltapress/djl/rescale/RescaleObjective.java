package io.deltapress.djl.rescale;

/** What a search for rescale factors looks at. */
public enum RescaleObjective {
  /** The score on a labelled task (q_v). */
  VALIDATION,
  /**
   * How far outputs move, without labels (q_e): of language models the top-5 logits, of classifiers
   * the last hidden state.
   */
  OUTPUT_CHANGE,
  /** How far the predicted distributions move, without labels: the Kullback-Leibler divergence. */
  DIVERGENCE
}
