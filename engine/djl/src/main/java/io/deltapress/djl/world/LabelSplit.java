package io.deltapress.djl.world;

import io.deltapress.djl.evaluate.LabelledText;
import java.util.List;

/**
 * Labelled texts of one tenant, kept apart by use.
 *
 * @param training what a fine-tune is trained on
 * @param validation what choices, such as a rescale factor, are made on
 * @param test what figures are reported on, and nothing else
 */
public record LabelSplit(
    List<LabelledText> training, List<LabelledText> validation, List<LabelledText> test) {

  /** Makes the lists unmodifiable. */
  public LabelSplit {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    test = List.copyOf(test);
  }
}
