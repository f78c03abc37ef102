package io.deltapress.djl.train;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code train fine-tune} is asked to do. Of a language model attention and feed-forward
 * matrices are trained, and embeddings and norms stay those of the base; of an encoder everything
 * is trained, its head included.
 *
 * @param base model directory to start from
 * @param data task file to learn
 * @param out where the model directory goes; must not exist, or hold this training's saved state
 * @param seed of the data order
 * @param recipe how to train
 * @param stateEverySteps how often the state to resume from is saved, positive
 * @param regularization what holds the fine-tune near its base, in place of the recipe's weight
 *     decay; null for that
 * @param lora trains a low-rank adapter in place of the matrices; null trains those
 */
public record FineTuneOptions(
    Path base,
    Path data,
    Path out,
    long seed,
    TrainingRecipe recipe,
    int stateEverySteps,
    @Nullable Regularization regularization,
    @Nullable LoraOptions lora) {

  /** Checks the ranges. */
  public FineTuneOptions {
    if (stateEverySteps < 1) {
      throw new IllegalArgumentException("steps between saved states must be positive");
    }
    if (regularization != null && lora != null) {
      throw new IllegalArgumentException(
          "an adapter cannot be regularized: its factors have no pre-trained values");
    }
  }

  /**
   * Gives the defaults.
   *
   * @param base model directory to start from
   * @param data task file to learn
   * @param out where the model directory goes
   * @return options with seed 1
   */
  public static FineTuneOptions of(Path base, Path data, Path out) {
    return new FineTuneOptions(base, data, out, 1, TrainingRecipe.fineTune(), 250, null, null);
  }

  /**
   * Changes the seed.
   *
   * @param newSeed the new seed
   * @return a changed copy
   */
  public FineTuneOptions withSeed(long newSeed) {
    return new FineTuneOptions(
        base, data, out, newSeed, recipe, stateEverySteps, regularization, lora);
  }

  /**
   * Changes the recipe.
   *
   * @param newRecipe the new recipe
   * @return a changed copy
   */
  public FineTuneOptions withRecipe(TrainingRecipe newRecipe) {
    return new FineTuneOptions(
        base, data, out, seed, newRecipe, stateEverySteps, regularization, lora);
  }

  /**
   * Changes how often the state is saved.
   *
   * @param steps the new number of steps, positive
   * @return a changed copy
   */
  public FineTuneOptions withStateEverySteps(int steps) {
    return new FineTuneOptions(base, data, out, seed, recipe, steps, regularization, lora);
  }

  /**
   * Holds the fine-tune near its base.
   *
   * @param newRegularization how; null not to
   * @return a changed copy
   */
  public FineTuneOptions withRegularization(@Nullable Regularization newRegularization) {
    return new FineTuneOptions(
        base, data, out, seed, recipe, stateEverySteps, newRegularization, lora);
  }

  /**
   * Trains a low-rank adapter in place of the matrices.
   *
   * @param newLora how; null not to
   * @return a changed copy
   */
  public FineTuneOptions withLora(@Nullable LoraOptions newLora) {
    return new FineTuneOptions(
        base, data, out, seed, recipe, stateEverySteps, regularization, newLora);
  }
}
