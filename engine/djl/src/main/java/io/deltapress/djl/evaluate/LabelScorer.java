package io.deltapress.djl.evaluate;

import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.SequenceClassifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scores a classifier by its labels, or a regression by its numbers. */
final class LabelScorer implements Scorer {

  private static final int BATCH = 64;

  private final SequenceClassifier model;
  private final Metric metric;
  private final List<LabelBatch> batches = new ArrayList<>();
  private final int examples;

  /** Sequences are sorted by length, so that little is filled up. */
  LabelScorer(SequenceClassifier model, List<LabelledSequence> sequences, Metric metric) {
    this.model = model;
    this.metric = metric;
    this.examples = sequences.size();
    List<LabelledSequence> sorted = new ArrayList<>(sequences);
    sorted.sort(Comparator.comparingInt(sequence -> sequence.tokens().ids().length));
    for (int at = 0; at < examples; at += BATCH) {
      batches.add(LabelBatch.of(sorted.subList(at, Math.min(at + BATCH, examples))));
    }
  }

  @Override
  public Metric metric() {
    return metric;
  }

  @Override
  public int examples() {
    return examples;
  }

  @Override
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  public Score measure(EvaluationListener listener) {
    long started = System.nanoTime();
    double[] given = new double[examples];
    double[] right = new double[examples];
    int done = 0;
    try (WithoutGradients off = new WithoutGradients()) {
      for (LabelBatch batch : batches) {
        int size = batch.labels().length;
        System.arraycopy(batch.judged(model), 0, given, done, size);
        System.arraycopy(batch.labels(), 0, right, done, size);
        done += size;
        listener.evaluated(done, examples);
      }
    }
    double value = LabelMetrics.of(metric, given, right);
    double seconds = (System.nanoTime() - started) / 1e9;
    return new Score(metric, value, figures(given, right), examples, seconds);
  }

  private Map<String, Double> figures(double[] given, double[] right) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (Metric single :
        List.of(Metric.ACCURACY, Metric.F1, Metric.MATTHEWS, Metric.PEARSON, Metric.SPEARMAN)) {
      if (single.fits(model)) {
        figures.put(single.wireName(), LabelMetrics.of(single, given, right));
      }
    }
    return figures;
  }
}
