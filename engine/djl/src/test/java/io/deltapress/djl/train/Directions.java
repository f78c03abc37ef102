package io.deltapress.djl.train;

import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.random.SplitMix64;
import java.util.Map;
import java.util.TreeMap;

/** Directions in which tests move the weights of a model, to see what that does to its loss. */
final class Directions {

  private Directions() {}

  /** A direction drawn at random, with a number for each of those given. */
  static Map<String, float[]> random(Map<String, float[]> like) {
    SplitMix64 random = new SplitMix64(3);
    Map<String, float[]> direction = new TreeMap<>();
    like.forEach(
        (name, values) -> {
          float[] drawn = new float[values.length];
          for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) random.nextGaussian() * 0.1f;
          }
          direction.put(name, drawn);
        });
    return direction;
  }

  /** Changes the weights of a model. */
  static void move(TransformerModel model, Map<String, float[]> direction, double distance) {
    direction.forEach(
        (name, values) -> {
          float[] weights = model.weights().read(name);
          for (int i = 0; i < weights.length; i++) {
            weights[i] += (float) (distance * values[i]);
          }
          model.weights().write(name, 0, weights);
        });
  }

  /** How fast the loss grows along a direction, by its gradients. */
  static double slope(Map<String, float[]> gradients, Map<String, float[]> direction) {
    double sum = 0;
    for (Map.Entry<String, float[]> entry : gradients.entrySet()) {
      float[] other = direction.get(entry.getKey());
      for (int i = 0; i < other.length; i++) {
        sum += (double) entry.getValue()[i] * other[i];
      }
    }
    return sum;
  }
}
