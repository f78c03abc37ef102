package io.deltapress.djl.edit;

import java.util.SortedMap;

/**
 * MEND (Mitchell et al., 2022, section 3.2): {@code W~ = W - alpha sum_t d~_t u~_t^T}. With a
 * minus: the plus of the published code raises the loss of an editor that gives back its input, and
 * was confirmed by its author to be a mistake.
 */
final class MendEditor extends TrainedEditor {

  MendEditor(EditorNetwork network, SortedMap<LayerShape, RunningStatistics> statistics) {
    super(network, statistics);
  }

  @Override
  RowFactors factors(String weight, KeyValueRows rows, TransformedRows transformed) {
    double[] values = transformed.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= -transformed.rate();
    }
    return RowFactors.of(rows, transformed.keys(), values);
  }
}
