package io.deltapress.djl.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * AdamR in plain double arithmetic, element by element as published: m and v, one s over all
 * tensors, the pull, the step. Betas .9 and .999, epsilon 1e-8.
 */
record AdamReference(
    Regularization regularization, double learningRate, Map<String, double[]> pretrained) {

  /** Weights after as many steps as there are gradients; a classifier is drawn nowhere. */
  Map<String, double[]> run(Map<String, double[]> start, List<Map<String, float[]>> gradients) {
    Map<String, double[]> weights = new HashMap<>();
    Map<String, double[]> mean = new HashMap<>();
    Map<String, double[]> variance = new HashMap<>();
    start.forEach(
        (name, values) -> {
          weights.put(name, values.clone());
          mean.put(name, new double[values.length]);
          variance.put(name, new double[values.length]);
        });
    for (int t = 1; t <= gradients.size(); t++) {
      double correction2 = 1 - Math.pow(.999, t);
      double sum = 0;
      long count = 0;
      for (Map.Entry<String, float[]> gradient : gradients.get(t - 1).entrySet()) {
        double[] m = mean.get(gradient.getKey());
        double[] v = variance.get(gradient.getKey());
        for (int i = 0; i < m.length; i++) {
          double g = gradient.getValue()[i];
          m[i] = .9 * m[i] + .1 * g;
          v[i] = .999 * v[i] + .001 * g * g;
          sum += v[i] / correction2;
          count++;
        }
      }
      double s = Math.sqrt(sum / count);
      s = s == 0 ? 1 : s;
      for (Map.Entry<String, double[]> weight : weights.entrySet()) {
        double[] theta = weight.getValue();
        double[] m = mean.get(weight.getKey());
        double[] v = variance.get(weight.getKey());
        for (int i = 0; i < theta.length; i++) {
          if (!weight.getKey().equals("classifier")) {
            double distance = theta[i] - pretrained.get(weight.getKey())[i];
            boolean squares = regularization.norm() == Regularization.Norm.L2;
            double direction = squares ? distance : Math.signum(distance);
            theta[i] -= learningRate * regularization.strength() / s * direction;
          }
          double unbiased = m[i] / (1 - Math.pow(.9, t));
          theta[i] -= learningRate * unbiased / (Math.sqrt(v[i] / correction2) + 1e-8);
        }
      }
    }
    return weights;
  }
}
