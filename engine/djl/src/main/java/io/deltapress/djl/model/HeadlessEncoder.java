package io.deltapress.djl.model;

import ai.djl.ndarray.NDManager;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * An encoder as fine-tuning starts from it: pre-trained, with or without a classification head.
 *
 * @param model the classifier, closed by the caller; weights of missing tensors are 0
 * @param missing tensors of the head that the checkpoint does not hold; all others are read
 */
public record HeadlessEncoder(EncoderModel model, Set<String> missing) {

  /**
   * Loads an encoder.
   *
   * @param manager whose device is used, and which closes the model at the latest
   * @param directory a Hugging Face directory of a BERT or RoBERTa model
   * @param labels number of logits if the checkpoint has no head; else that of the head counts
   * @return the encoder
   * @throws BadInputException when it is no encoder, or a tensor that is none of the head is
   *     missing
   * @throws IOException when a file cannot be read
   */
  public static HeadlessEncoder load(NDManager manager, Path directory, int labels)
      throws IOException {
    ModelConfig read = ModelConfigFile.read(directory.resolve(ModelConfigFile.NAME));
    if (!(read instanceof EncoderConfig encoder)) {
      throw BadInputException.of(
          directory, "holds a language model where an encoder is needed; give BERT or RoBERTa");
    }
    try (Checkpoint checkpoint = Checkpoints.open(directory)) {
      EncoderConfig spelled = encoder.spelledAs(checkpoint);
      EncoderConfig config = spelled.hasHead(checkpoint) ? spelled : spelled.withLabels(labels);
      Set<String> missing = new TreeSet<>(new EncoderParameters(config).head());
      missing.removeAll(checkpoint.tensors().keySet());
      EncoderModel model = new EncoderModel(config, new ModelWeights(manager, config.shapes()));
      try {
        new WeightsReader(checkpoint).fill(model.weights(), missing);
        return new HeadlessEncoder(model, missing);
      } catch (IOException e) {
        model.close();
        throw e;
      }
    }
  }
}
