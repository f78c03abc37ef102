package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deltapress.djl.evaluate.TokenizedTask;
import io.deltapress.djl.model.LlamaConfig;
import io.deltapress.djl.model.LlamaModel;
import io.deltapress.djl.model.LlamaParameters;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.model.TransformerModel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model small enough to train in a test. */
final class TinyModel {

  static final ModelSize SIZE = new ModelSize(16, 24, 2, 4, 2);

  private TinyModel() {}

  static LlamaModel create(NDManager manager) {
    LlamaConfig config = SIZE.config(30);
    LlamaModel model = new LlamaModel(config, new ModelWeights(manager, config.shapes()));
    InitialWeights.fill(config, model.weights(), 7);
    widenEmbedding(model);
    return model;
  }

  /** Behind an RMSNorm, small embeddings would make the loss anything but linear nearby. */
  private static void widenEmbedding(LlamaModel model) {
    float[] embedding = model.weights().read(LlamaParameters.EMBEDDING);
    for (int i = 0; i < embedding.length; i++) {
      embedding[i] *= 50;
    }
    model.weights().write(LlamaParameters.EMBEDDING, 0, embedding);
  }

  static TrainingExamples.Batch batch(LlamaModel model) {
    List<TokenizedTask> tasks =
        List.of(
            new TokenizedTask(new long[] {1, 5, 9, 12, 2}, 3),
            new TokenizedTask(new long[] {1, 7, 2}, 2),
            new TokenizedTask(new long[] {1, 20, 21, 22, 23, 24, 2}, 4));
    return new AnswerExamples(model, tasks, 0.1).batch(new int[] {0, 1, 2});
  }

  static void trainAll(TransformerModel model) {
    model.weights().arrays().values().forEach(weight -> weight.setRequiresGradient(true));
  }

  /** Copies all gradients to the heap and clears them. */
  static Map<String, float[]> takeGradients(TransformerModel model) {
    Map<String, float[]> gradients = new TreeMap<>();
    model
        .weights()
        .arrays()
        .forEach(
            (name, weight) -> {
              try (NDArray gradient = weight.getGradient()) {
                gradients.put(name, gradient.toFloatArray());
                gradient.subi(gradient);
              }
            });
    return gradients;
  }
}
