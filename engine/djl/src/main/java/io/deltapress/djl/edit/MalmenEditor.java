package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.SortedMap;

/**
 * MALMEN (Tan et al., 2024, section 4): a row asks for the change {@code v = -rate (k^T k~) g~} of
 * the output of its key k, and the shift is the least-squares solution over all rows of the batch
 * ({@link LeastSquares}) with a learned ridge lambda.
 */
final class MalmenEditor extends TrainedEditor {

  MalmenEditor(EditorNetwork network, SortedMap<LayerShape, RunningStatistics> statistics) {
    super(network, statistics);
  }

  @Override
  RowFactors factors(String weight, KeyValueRows rows, TransformedRows transformed) {
    double[] changes = changes(rows, transformed);
    double[] solved =
        LeastSquares.solvedKeys(rows.wideKeys(), rows.inputs(), ridge(network(), weight));
    return RowFactors.of(rows, solved, changes);
  }

  static double ridge(EditorNetwork network, String weight) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray logarithm = network.logRidge(weight);
      return StrictMath.exp(logarithm.toFloatArray()[0]);
    }
  }

  /** -rate (k^T k~) g~ of each row. */
  static double[] changes(KeyValueRows rows, TransformedRows transformed) {
    double[] changes = transformed.values().clone();
    for (int row = 0; row < rows.rows(); row++) {
      double along = 0;
      for (int i = row * rows.inputs(); i < (row + 1) * rows.inputs(); i++) {
        along += rows.keys()[i] * transformed.keys()[i];
      }
      for (int o = row * rows.outputs(); o < (row + 1) * rows.outputs(); o++) {
        changes[o] *= -transformed.rate() * along;
      }
    }
    return changes;
  }
}
