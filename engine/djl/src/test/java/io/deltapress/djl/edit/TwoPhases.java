package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.format.delta.LinearInput.Orientation;
import java.util.LinkedHashMap;
import java.util.Map;

/** The gradient of a MEND step for one edit, the slow way: with whole weights. */
final class TwoPhases {

  private final TinyEditable tiny;
  private final EditorTraining editor;

  TwoPhases(TinyEditable tiny, EditorTraining editor) {
    this.tiny = tiny;
    this.editor = editor;
  }

  Map<String, float[]> gradients(EditorTraining.Step step) {
    MendStep mend = (MendStep) step;
    Map<String, float[]> weightGradients = new LinkedHashMap<>();
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Map<String, NDArray> edited = new LinkedHashMap<>();
      mend.weights()
          .forEach(
              weight -> {
                NDArray leaf = stored(weight).sub(shift(mend, weight)).duplicate();
                leaf.setRequiresGradient(true);
                edited.put(weight, leaf);
                tiny.transformer().weights().overlay(weight, old -> leaf);
              });
      BackwardPass.run(mend::unedited);
      edited.forEach(
          (weight, leaf) -> {
            tiny.transformer().weights().overlay(weight, null);
            weightGradients.put(weight, leaf.getGradient().toFloatArray());
          });
    }
    return throughTheEditor(mend, weightGradients);
  }

  private Map<String, float[]> throughTheEditor(
      MendStep mend, Map<String, float[]> weightGradients) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    editor.parameters().values().forEach(p -> p.setRequiresGradient(true));
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      BackwardPass.run(
          () -> {
            NDArray sum = null;
            for (String weight : mend.weights()) {
              NDArray fixed =
                  editor.manager().create(weightGradients.get(weight), stored(weight).getShape());
              NDArray term = fixed.mul(shift(mend, weight)).sum().neg();
              sum = sum == null ? term : sum.add(term);
            }
            return sum;
          });
      editor.parameters().forEach((name, p) -> gradients.put(name, p.getGradient().toFloatArray()));
    }
    editor.parameters().values().forEach(p -> p.setRequiresGradient(false));
    return gradients;
  }

  private NDArray stored(String weight) {
    return tiny.transformer().weights().arrays().get(weight);
  }

  /** alpha sum d~ u~^T, as the weight is laid out. */
  private NDArray shift(MendStep mend, String weight) {
    EditedForward.Factors factors = mend.factors(weight);
    NDArray keys = factors.keys().reshape(-1, factors.keys().getShape().getLastDimension());
    NDArray values = factors.values().reshape(-1, factors.values().getShape().getLastDimension());
    LinearLayer layer = tiny.model.layer(weight);
    return layer.orientation() == Orientation.OUTPUT_INPUT
        ? values.transpose().matMul(keys)
        : keys.transpose().matMul(values);
  }
}
