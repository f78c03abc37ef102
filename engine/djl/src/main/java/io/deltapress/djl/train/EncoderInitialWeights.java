package io.deltapress.djl.train;

import io.deltapress.djl.model.EncoderModel;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.ModelWeights;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Draws weights of a new encoder, or of a new head on a pre-trained one: matrices of the blocks
 * from N(0, 1 / fan-in), embeddings and the head from N(0, 0.02²) as BERT does; gains of norms are
 * 1, biases 0.
 */
final class EncoderInitialWeights {

  private static final double DEVIATION = 0.02;

  private final ModelWeights weights;
  private final Set<String> matrices;
  private final long seed;

  EncoderInitialWeights(EncoderModel model, long seed) {
    this.weights = model.weights();
    this.matrices =
        model.linearLayers().stream().map(LinearLayer::weight).collect(Collectors.toSet());
    this.seed = seed;
  }

  void fill(Collection<String> tensors) {
    tensors.forEach(name -> weights.write(name, 0, draw(name)));
  }

  private float[] draw(String name) {
    int count = Math.toIntExact(weights.get(name).size());
    if (weights.get(name).getShape().dimension() == 1) {
      float[] values = new float[count];
      Arrays.fill(values, name.endsWith("LayerNorm.weight") ? 1 : 0);
      return values;
    }
    double inputs = weights.get(name).getShape().get(1);
    double deviation = matrices.contains(name) ? 1 / StrictMath.sqrt(inputs) : DEVIATION;
    return InitialWeights.gaussian(name, count, deviation, seed);
  }
}
