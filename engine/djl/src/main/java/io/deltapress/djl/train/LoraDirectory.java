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
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    List<TensorInfo> infos = factors.entrySet().stream().map(LoraDirectory::info).toList();
    try (LoraAdapterWriter writer = LoraAdapterWriter.create(out, config, description, infos)) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), bytes(factors.get(info.name())));
      }
      writer.commit();
    }
    return digest(out);
  }

  private static TensorInfo info(Map.Entry<String, NDArray> factor) {
    long[] dimensions = factor.getValue().getShape().getShape();
    return new TensorInfo(factor.getKey(), DType.F32, Shape.of(dimensions));
  }

  private static ByteBuffer bytes(NDArray array) {
    float[] floats = array.toFloatArray();
    ByteBuffer bytes = ByteBuffer.allocate(4 * floats.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(floats);
    return bytes;
  }

  private static WeightsDigest digest(Path out) throws IOException {
    try (LoraAdapter adapter = LoraAdapter.open(out)) {
      List<TensorDigest> digests = new ArrayList<>();
      for (String name : adapter.weights().tensors().keySet()) {
        digests.add(TensorDigest.of(adapter.weights().data(name), ProgressListener.none()));
      }
      return WeightsDigest.of(digests);
    }
  }
}
