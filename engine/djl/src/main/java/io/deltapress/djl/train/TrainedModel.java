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
import org.jspecify.annotations.Nullable;

/**
 * A model whose own weights are trained.
 *
 * @param model stays the caller's
 * @param description a directory with the files beside the weights
 * @param base directory of the weights that the training started from, whose types are kept; null
 *     if there is none
 * @param which names the tensors that change
 */
record TrainedModel(
    TransformerModel model, Path description, @Nullable Path base, Predicate<String> which)
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
    if (base == null) {
      ModelDirectory.save(model, description, out);
    } else {
      ModelDirectory.saveLike(model, base, description, out);
    }
    return ModelDirectory.weightsDigest(out);
  }
}
