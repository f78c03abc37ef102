package io.deltapress.djl.evaluate;

import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.model.TransformerModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How right a model is on a task file, as one number; the larger, the better. */
public enum Metric {
  /** Fraction of answers right to the last token and ended there; of a language model. */
  EXACT_MATCH("exact-match", Kind.ANSWERS),
  /** Fraction of labels right. */
  ACCURACY("accuracy", Kind.CLASSES),
  /** Harmonic mean of precision and recall of label 1, of two labels. */
  F1("f1", Kind.TWO_CLASSES),
  /** Mean of {@link #ACCURACY} and {@link #F1}, as GLUE scores MRPC and QQP. */
  ACCURACY_F1("accuracy-f1", Kind.TWO_CLASSES),
  /** Matthews correlation of labels, -1 to 1, as GLUE scores CoLA. */
  MATTHEWS("matthews", Kind.CLASSES),
  /** Linear correlation of numbers, -1 to 1. */
  PEARSON("pearson", Kind.NUMBERS),
  /** Linear correlation of ranks, -1 to 1; equal numbers share their mean rank. */
  SPEARMAN("spearman", Kind.NUMBERS),
  /** Mean of {@link #PEARSON} and {@link #SPEARMAN}, as GLUE scores STS-B. */
  PEARSON_SPEARMAN("pearson-spearman", Kind.NUMBERS);

  private enum Kind {
    ANSWERS,
    CLASSES,
    TWO_CLASSES,
    NUMBERS
  }

  private final String wireName;
  private final Kind kind;

  Metric(String wireName, Kind kind) {
    this.wireName = wireName;
    this.kind = kind;
  }

  /**
   * Names the metric as commands and records do.
   *
   * @return lower-case words with hyphens
   */
  public String wireName() {
    return wireName;
  }

  /**
   * Finds a metric by its name.
   *
   * @param wireName as {@link #wireName} gives it
   * @return the metric
   * @throws IllegalArgumentException listing all names when there is none of this name
   */
  public static Metric ofWireName(String wireName) {
    return Arrays.stream(values())
        .filter(metric -> metric.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "metric %s is unknown; choose one of %s"
                        .formatted(wireName, names(List.of(values())))));
  }

  /**
   * Chooses what a model is scored by unless told otherwise.
   *
   * @param model any model
   * @return exact match of a language model, accuracy of a classifier, the mean of both
   *     correlations of a regression
   */
  public static Metric defaultFor(TransformerModel model) {
    if (model instanceof SequenceClassifier classifier) {
      return classifier.labels() == 1 ? PEARSON_SPEARMAN : ACCURACY;
    }
    return EXACT_MATCH;
  }

  /**
   * Says whether a model can be scored by this metric.
   *
   * @param model any model
   * @return true if its answers are of the kind that is compared
   */
  public boolean fits(TransformerModel model) {
    if (model instanceof SequenceClassifier classifier) {
      return switch (kind) {
        case ANSWERS -> false;
        case CLASSES -> classifier.labels() > 1;
        case TWO_CLASSES -> classifier.labels() == 2;
        case NUMBERS -> classifier.labels() == 1;
      };
    }
    return kind == Kind.ANSWERS;
  }

  /** The names of all metrics that fit a model. */
  static String namesFitting(TransformerModel model) {
    return names(Arrays.stream(values()).filter(metric -> metric.fits(model)).toList());
  }

  private static String names(List<Metric> metrics) {
    return metrics.stream().map(Metric::wireName).collect(Collectors.joining(", "));
  }
}
