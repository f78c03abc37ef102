package io.deltapress.djl.study;

import io.deltapress.format.ProgressListener;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What is known of a fine-tune before anything is pruned.
 *
 * @param name its name
 * @param kind what is special about its delta
 * @param task what it learned; fine-tunes of one task are compared with each other
 * @param origin how it was made
 * @param weightsDigest digest of its weights
 * @param baseScore score of the base on its test tasks
 * @param score its own score on its test tasks, unpruned
 * @param validationScore its own score on its validation tasks, unpruned
 * @param meanDelta mean absolute delta of the tensors that changed
 * @param relativeDelta that, divided by the mean absolute weight of these tensors in the base
 * @param changedParameters elements of the tensors that changed
 * @param denseBytes bytes of its tensors
 */
public record FineTuneFacts(
    String name,
    DeltaKind kind,
    String task,
    String origin,
    String weightsDigest,
    double baseScore,
    double score,
    double validationScore,
    double meanDelta,
    double relativeDelta,
    long changedParameters,
    long denseBytes) {

  static FineTuneFacts of(FineTune fineTune, Bench bench) throws IOException {
    Map<String, float[]> before = bench.withBase(fineTune, FineTuneFacts::weights);
    double baseScore = bench.withBase(fineTune, LoadedFineTune::testScore);
    Map<String, float[]> after = bench.withFineTune(fineTune, FineTuneFacts::weights);
    Distance distance = Distance.between(before, after);
    LoadedFineTune loaded = bench.load(fineTune);
    return new FineTuneFacts(
        fineTune.name(),
        fineTune.kind(),
        fineTune.task(),
        fineTune.origin(),
        bench.digests().weightsDigest(loaded.checkpoint(), ProgressListener.none()).hex(),
        baseScore,
        loaded.testScore(),
        loaded.validationScore(),
        distance.delta / distance.elements,
        distance.delta / distance.weight,
        distance.elements,
        loaded.checkpoint().tensors().values().stream().mapToLong(t -> t.byteLength()).sum());
  }

  private static Map<String, float[]> weights(LoadedFineTune loaded) {
    Map<String, float[]> weights = new HashMap<>();
    loaded
        .patched()
        .model()
        .weights()
        .arrays()
        .forEach((name, array) -> weights.put(name, array.toFloatArray()));
    return weights;
  }

  /** Sums over the tensors that differ at all. */
  private static final class Distance {
    private double delta;
    private double weight;
    private long elements;

    static Distance between(Map<String, float[]> before, Map<String, float[]> after) {
      Distance distance = new Distance();
      before.forEach((name, from) -> distance.add(from, after.get(name)));
      return distance;
    }

    private void add(float[] from, float[] to) {
      double tensorDelta = 0;
      double tensorWeight = 0;
      for (int i = 0; i < from.length; i++) {
        tensorDelta += Math.abs((double) to[i] - from[i]);
        tensorWeight += Math.abs(from[i]);
      }
      if (tensorDelta > 0) {
        delta += tensorDelta;
        weight += tensorWeight;
        elements += from.length;
      }
    }
  }
}
