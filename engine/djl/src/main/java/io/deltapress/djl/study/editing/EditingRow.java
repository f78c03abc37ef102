package io.deltapress.djl.study.editing;

import java.util.List;
import java.util.Optional;

/**
 * One sequence of edits by one method.
 *
 * @param key which row it is
 * @param points what was measured, by ascending count
 * @param stopped why nothing was measured after the last of them; empty if all was
 */
public record EditingRow(Key key, List<Point> points, String stopped) {

  /** Makes the list unmodifiable. */
  public EditingRow {
    points = List.copyOf(points);
  }

  /**
   * What makes a row the same row: equal keys give equal figures but for times.
   *
   * @param method what edits
   * @param batch how many edits are computed together; 0 if always all
   * @param seed of the sequence
   * @param base digest of the base's weights
   * @param counts after how many edits to measure
   * @param preserved how many facts the editor may be shown
   * @param heldOut how many facts locality is measured on
   * @param editorSteps how long the editor was trained; 0 if it needs no training
   */
  public record Key(
      EditingMethod method,
      int batch,
      long seed,
      String base,
      List<Integer> counts,
      int preserved,
      int heldOut,
      int editorSteps) {

    /** Makes the list unmodifiable. */
    public Key {
      counts = List.copyOf(counts);
    }
  }

  /**
   * What is left after some edits.
   *
   * @param edits how many
   * @param success share of them whose prompt gets the target, all of it and nothing behind
   * @param rephrase the same of their other phrasings
   * @param locality share of held-out facts that are still answered
   * @param textLoss mean negative log-likelihood, in nats per token, of prompts about people that
   *     the model never heard of
   * @param milliseconds of computing, per edit
   * @param bytes of an edit's factors, on average
   */
  public record Point(
      int edits,
      double success,
      double rephrase,
      double locality,
      double textLoss,
      double milliseconds,
      double bytes) {}

  /**
   * Finds what was measured after some edits.
   *
   * @param edits how many
   * @return the figures, if there are any
   */
  public Optional<Point> after(int edits) {
    return points.stream().filter(point -> point.edits() == edits).findFirst();
  }
}
