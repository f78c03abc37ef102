package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A BERT (Devlin et al., 2019) or RoBERTa (Liu et al., 2019) encoder with a classification head, in
 * float32 and without dropout.
 *
 * <p>Tokens that fill a sequence up are hidden from the others by the attention mask. The head,
 * BERT's pooler included, is not among the {@link #linearLayers}: it sees the first token only.
 */
public final class EncoderModel implements SequenceClassifier {

  private final EncoderConfig config;
  private final ModelWeights weights;
  private final Projections projections;
  private final Projections head;
  private final LayerNorm norm;
  private final List<EncoderBlock> blocks;

  /**
   * Builds the model around weights.
   *
   * @param config the model's shape
   * @param weights the weights, closed with this model
   */
  public EncoderModel(EncoderConfig config, ModelWeights weights) {
    this.config = config;
    this.weights = weights;
    this.projections = new Projections(weights);
    this.head = new Projections(weights);
    this.norm = new LayerNorm(weights, config.normEpsilon());
    this.blocks = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(new EncoderBlock(weights, config, projections, layer, norm));
    }
  }

  @Override
  public EncoderConfig config() {
    return config;
  }

  @Override
  public ModelWeights weights() {
    return weights;
  }

  @Override
  public int labels() {
    return config.labels();
  }

  @Override
  public int segments() {
    return config.segments();
  }

  @Override
  public List<LinearLayer> linearLayers() {
    return new EncoderParameters(config).linearLayers();
  }

  @Override
  public void observe(@Nullable LinearObserver observer) {
    projections.observe(observer);
  }

  @Override
  public NDArray hidden(TokenBatch batch) {
    NDArray hidden = embedded(batch);
    NDArray mask = batch.attentionMask(weights.manager());
    for (EncoderBlock block : blocks) {
      hidden = block.forward(hidden, mask);
    }
    return hidden;
  }

  private NDArray embedded(TokenBatch batch) {
    NDManager manager = weights.manager();
    EncoderNames names = config.names();
    SequenceLimit.require(batch.length(), config.maxPositions());
    int first = config.firstPosition();
    NDIndex rows = new NDIndex(first + ":" + (first + batch.length()));
    NDArray sum =
        Embedding.lookUp(batch.ids(manager), weights.get(names.words()))
            .add(Embedding.lookUp(batch.segments(manager), weights.get(names.segments())))
            .add(weights.get(names.positions()).get(rows));
    EncoderNames.Norm vectors = names.embeddingNorm();
    return norm.forward(sum, weights.get(vectors.gain()), weights.get(vectors.shift()));
  }

  @Override
  public NDArray logits(TokenBatch batch) {
    NDArray first = hidden(batch).get(new NDIndex(":,0"));
    ModelFamily family = config.family();
    NDArray pooled = head.apply(config.names().headDense(family), first).tanh();
    return head.apply(config.names().headOutput(family), pooled);
  }

  /**
   * Scores every token id at every place, by how well its embedding fits the last hidden state:
   * what masked pre-training learns.
   *
   * @param batch sequences of ids
   * @return float32 [batch, tokens, vocabulary]
   */
  public NDArray tokenLogits(TokenBatch batch) {
    return hidden(batch).matMul(weights.get(config.names().words()).transpose());
  }

  @Override
  public void close() {
    weights.close();
  }
}
