package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.lora.LoraAdapter;
import io.deltapress.format.lora.LoraAdapterWriter;
import io.deltapress.format.lora.LoraConfig;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * Writes trained adapters as Hugging Face PEFT keeps them, factors in float32.
 *
 * @param base where the model was loaded from, as the user named it
 * @param options r and alpha
 * @param model to which the layers belong
 * @param layers those that are adapted
 */
record LoraDirectory(
    Path base, LoraOptions options, TransformerModel model, List<LinearLayer> layers) {

  WeightsDigest save(SortedMap<String, NDArray> factors, Path out) throws IOException {
    boolean inputsFirst = layers.get(0).orientation() == Orientation.INPUT_OUTPUT;
    LoraConfig config = LoraConfig.of(options.rank(), options.alpha(), inputsFirst);
    LoraAdapterWriter.Description description =
        new LoraAdapterWriter.Description(
            base.toString(),
            model instanceof LanguageModel ? "CAUSAL_LM" : "SEQ_CLS",
            LoraTargets.peftNames(layers, model.weights().arrays().keySet()),
            List.of());
    List<TensorInfo> infos =
        factors.entrySet().stream().map(e -> StoredArray.info(e.getKey(), e.getValue())).toList();
    try (LoraAdapterWriter writer = LoraAdapterWriter.create(out, config, description, infos)) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), StoredArray.bytes(factors.get(info.name())));
      }
      writer.commit();
    }
    return digest(out);
  }

  private static WeightsDigest digest(Path out) throws IOException {
    try (LoraAdapter adapter = LoraAdapter.open(out)) {
      return DigestCache.standard().weightsDigest(adapter.weights(), ProgressListener.none());
    }
  }
}
