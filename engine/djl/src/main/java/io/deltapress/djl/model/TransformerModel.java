package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transformer of any family, computed in float32.
 *
 * <p>Results belong to the caller's {@link NDScope}: without one they stay attached to the weights'
 * manager. Not safe for use by several threads at once.
 */
public interface TransformerModel extends AutoCloseable {

  /**
   * Gives the model's shape.
   *
   * @return the configuration
   */
  ModelConfig config();

  /**
   * Gives the weights, for reading, training or swapping.
   *
   * @return the weights, owned by this model
   */
  ModelWeights weights();

  /**
   * Lists the linear layers inside the blocks, which deltas prune and edits change.
   *
   * @return layers in the order of the forward pass
   */
  List<LinearLayer> linearLayers();

  /**
   * Shows the inputs of the linear layers to an observer, from the next forward pass on.
   *
   * @param observer whom to tell; null tells nobody any more
   */
  void observe(@Nullable LinearObserver observer);

  /**
   * Computes the last hidden state: what the output head is given.
   *
   * @param batch sequences of ids
   * @return float32 [batch, tokens, hidden]; meaningless where a sequence is filled up
   */
  NDArray hidden(TokenBatch batch);

  /**
   * Computes the scores of the output head.
   *
   * @param batch sequences of ids
   * @return float32; of a language model [batch, tokens, vocabulary], of a classifier [batch,
   *     labels]
   */
  NDArray logits(TokenBatch batch);

  @Override
  void close();
}
