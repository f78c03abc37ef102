package io.deltapress.djl.evaluate;

import org.jspecify.annotations.Nullable;

/**
 * One line of a classification or regression task.
 *
 * @param text what is judged, not blank
 * @param textPair the second of two texts that are judged together; null if there is one only
 * @param label the right class, counted from 0, or the right number; finite
 */
public record LabelledText(String text, @Nullable String textPair, double label) {

  /** Checks that there is something to judge. */
  public LabelledText {
    if (text.isBlank()) {
      throw new IllegalArgumentException("text is blank");
    }
    if (!Double.isFinite(label)) {
      throw new IllegalArgumentException("label must be finite");
    }
  }

  /**
   * Labels a single text.
   *
   * @param text what is judged
   * @param label the right class or number
   */
  public LabelledText(String text, double label) {
    this(text, null, label);
  }
}
