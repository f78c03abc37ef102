package io.deltapress.djl.model;

import ai.djl.ndarray.NDManager;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;

/** A Hugging Face model directory: config.json, tokenizer.json and safetensors weights. */
public final class ModelDirectory {

  private ModelDirectory() {}

  /**
   * Loads a model in float32.
   *
   * @param manager whose device is used, and which closes the model at the latest
   * @param directory a Hugging Face directory
   * @return the model, closed by the caller
   * @throws io.deltapress.format.BadInputException when a file is missing or does not fit
   * @throws IOException when a file cannot be read
   */
  public static TransformerModel load(NDManager manager, Path directory) throws IOException {
    ModelConfig read = ModelConfigFile.read(directory.resolve(ModelConfigFile.NAME));
    try (Checkpoint checkpoint = Checkpoints.open(directory)) {
      ModelConfig config = read.spelledAs(checkpoint);
      requireHead(directory, config, checkpoint);
      TransformerModel model = build(config, new ModelWeights(manager, config.shapes()));
      try {
        new WeightsReader(checkpoint).fill(model.weights());
        return model;
      } catch (IOException e) {
        model.close();
        throw e;
      }
    }
  }

  private static void requireHead(Path directory, ModelConfig config, Checkpoint checkpoint)
      throws BadInputException {
    if (config instanceof EncoderConfig encoder && !encoder.hasHead(checkpoint)) {
      throw BadInputException.of(
          directory,
          "holds an encoder without a classification head; fine-tune it first, or save it with one");
    }
  }

  /**
   * Builds a model of any family around weights.
   *
   * @param config the model's shape
   * @param weights the weights, closed with the model
   * @return the model
   */
  public static TransformerModel build(ModelConfig config, ModelWeights weights) {
    if (config instanceof LlamaConfig llama) {
      return new LlamaModel(llama, weights);
    }
    if (config instanceof Gpt2Config gpt2) {
      return new Gpt2Model(gpt2, weights);
    }
    if (config instanceof EncoderConfig encoder) {
      return new EncoderModel(encoder, weights);
    }
    throw new IllegalArgumentException(config.family() + " is not computed here");
  }

  /**
   * Loads a model that says which token follows.
   *
   * @param manager as in {@link #load}
   * @param directory a Hugging Face directory
   * @return the model, closed by the caller
   * @throws BadInputException when it is a classifier, or as in {@link #load}
   * @throws IOException when a file cannot be read
   */
  public static LanguageModel loadLanguageModel(NDManager manager, Path directory)
      throws IOException {
    TransformerModel model = load(manager, directory);
    if (model instanceof LanguageModel languageModel) {
      return languageModel;
    }
    model.close();
    throw BadInputException.of(
        directory,
        "holds a classifier where a language model is needed; give a model that generates text");
  }

  /**
   * Loads a model that judges whole texts.
   *
   * @param manager as in {@link #load}
   * @param directory a Hugging Face directory
   * @return the model, closed by the caller
   * @throws BadInputException when it is a language model, or as in {@link #load}
   * @throws IOException when a file cannot be read
   */
  public static SequenceClassifier loadClassifier(NDManager manager, Path directory)
      throws IOException {
    TransformerModel model = load(manager, directory);
    if (model instanceof SequenceClassifier classifier) {
      return classifier;
    }
    model.close();
    throw BadInputException.of(
        directory,
        "holds a language model where a classifier is needed; give a model with a classification"
            + " head");
  }

  /**
   * Opens the tokenizer of a model.
   *
   * @param directory a Hugging Face directory
   * @return the tokenizer, closed by the caller
   * @throws IOException when it cannot be read
   */
  public static TextTokenizer tokenizer(Path directory) throws IOException {
    return TextTokenizer.open(directory.resolve(TextTokenizer.NAME));
  }

  /**
   * Identifies the weights in a directory.
   *
   * @param directory a Hugging Face directory
   * @return the digest of its weights
   * @throws IOException when they cannot be read
   */
  public static WeightsDigest weightsDigest(Path directory) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(directory)) {
      return DigestCache.standard().weightsDigest(checkpoint, ProgressListener.none());
    }
  }

  /**
   * Writes a model's weights in bf16, rounded to nearest even; the directory appears whole or not
   * at all.
   *
   * @param model whose weights are written
   * @param description a directory whose other files, config.json and tokenizer.json, are copied
   * @param out the new directory; absent or empty
   * @throws IOException when it cannot be written
   */
  public static void save(TransformerModel model, Path description, Path out) throws IOException {
    new ModelWriter(model, Collections.emptySortedMap())
        .write(description, out, (tensor, writer) -> {});
  }

  /**
   * Writes a model's weights as another checkpoint stores them, each in the type it has there and
   * together with the tensors that the model does not compute; what is not there is written in
   * bf16. The directory appears whole or not at all.
   *
   * @param model whose weights are written
   * @param like directory of the checkpoint, as a rule the base that the model was made of
   * @param description a directory whose other files, config.json and tokenizer.json, are copied
   * @param out the new directory; absent or empty
   * @throws IOException when it cannot be written
   */
  public static void saveLike(TransformerModel model, Path like, Path description, Path out)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(like)) {
      new ModelWriter(model, checkpoint.tensors())
          .write(description, out, ModelWriter.Carried.from(checkpoint));
    }
  }
}
