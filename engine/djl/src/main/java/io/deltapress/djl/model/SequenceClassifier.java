package io.deltapress.djl.model;

/**
 * A model that judges whole sequences: its logits are [batch, labels]. With one label the logit
 * itself is the answer, a number; with more the largest logit names the class.
 */
public interface SequenceClassifier extends TransformerModel {

  /**
   * Says how many logits a sequence gets.
   *
   * @return number of classes; 1 for a regression
   */
  int labels();

  /**
   * Says how many segments a sequence may have.
   *
   * @return number of segment ids, which start at 0
   */
  int segments();
}
