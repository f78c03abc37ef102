package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import java.util.SortedMap;

/** What every family's configuration tells. */
public interface ModelConfig {

  /**
   * Says which architecture it is of.
   *
   * @return the family
   */
  ModelFamily family();

  /**
   * Says how many token ids there are.
   *
   * @return number of rows of the token embedding
   */
  int vocabularySize();

  /**
   * Says how wide the residual stream is.
   *
   * @return elements of a hidden state
   */
  int hiddenSize();

  /**
   * Says how deep the model is.
   *
   * @return number of blocks
   */
  int layers();

  /**
   * Says how long a sequence may be.
   *
   * @return most tokens of a sequence
   */
  int maxPositions();

  /**
   * Lists every tensor a model of this configuration has.
   *
   * @return shape by tensor name
   */
  SortedMap<String, Shape> shapes();

  /**
   * Adopts how a checkpoint spells the names of tensors, where Hugging Face has several ways.
   *
   * @param checkpoint what the model's weights are read from; stays the caller's
   * @return the same shape, with that checkpoint's names
   * @throws BadInputException when the checkpoint lacks what the model cannot be computed without
   */
  default ModelConfig spelledAs(Checkpoint checkpoint) throws BadInputException {
    return this;
  }
}
