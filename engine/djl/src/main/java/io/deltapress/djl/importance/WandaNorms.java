package io.deltapress.djl.importance;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.artifact.InputNorms;
import io.deltapress.format.delta.LinearInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Measures what WANDA weighs deltas by: the L2 norm of every input of the linear layers. */
public final class WandaNorms {

  private WandaNorms() {}

  /**
   * Runs calibration text through a fine-tune.
   *
   * @param fineTuned a Hugging Face directory with tokenizer.json
   * @param calibration JSON lines, as {@link CalibrationText} reads them
   * @return norms over all tokens, for every linear layer inside the blocks
   * @throws io.deltapress.format.BadInputException when the model or a line is unusable
   * @throws IOException when a file cannot be read
   */
  public static InputNorms measure(Path fineTuned, Path calibration) throws IOException {
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, fineTuned);
        TextTokenizer tokenizer = ModelDirectory.tokenizer(fineTuned)) {
      return of(
          CalibrationRun.of(
              model, CalibrationText.read(calibration, tokenizer, model), TensorDeltas.none()));
    }
  }

  /**
   * Takes the norms of a calibration.
   *
   * @param layers what was seen, by name of the layer's weight
   * @return its norms
   */
  public static InputNorms of(Map<String, LayerCalibration> layers) {
    Map<String, LinearInput> inputs = new TreeMap<>();
    layers.forEach(
        (weight, seen) ->
            inputs.put(weight, new LinearInput(seen.layer().orientation(), seen.inputNorms())));
    return InputNorms.of(inputs);
  }
}
