package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A model whose own weights are trained.
 *
 * @param model stays the caller's
 * @param description a directory with the files beside the weights
 * @param which names the tensors that change
 */
record TrainedModel(TransformerModel model, Path description, Predicate<String> which)
    implements Trainee {

  @Override
  public NDManager manager() {
    return model.weights().manager();
  }

  @Override
  public SortedMap<String, NDArray> trained() {
    SortedMap<String, NDArray> trained = new TreeMap<>(model.weights().arrays());
    trained.keySet().removeIf(which.negate());
    return trained;
  }

  @Override
  public WeightsDigest save(Path out) throws IOException {
    ModelDirectory.save(model, description, out);
    return ModelDirectory.weightsDigest(out);
  }
}
