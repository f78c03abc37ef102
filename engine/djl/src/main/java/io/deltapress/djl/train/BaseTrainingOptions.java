package io.deltapress.djl.train;

import java.nio.file.Path;

/**
 * What {@code train base} is asked to do.
 *
 * @param out where the model directory goes; must not exist, or hold this training's saved state
 * @param tasks where the task files of the world go
 * @param seed of the world, the initial weights and the data order
 * @param size shape of the model
 * @param recipe how to train
 * @param stateEverySteps how often the state to resume from is saved, positive
 */
public record BaseTrainingOptions(
    Path out, Path tasks, long seed, ModelSize size, TrainingRecipe recipe, int stateEverySteps) {

  /** Checks the ranges. */
  public BaseTrainingOptions {
    if (stateEverySteps < 1) {
      throw new IllegalArgumentException("steps between saved states must be positive");
    }
  }

  /**
   * Gives what the reference base is trained with.
   *
   * @param out where the model directory goes
   * @return options with seed 1 and tasks in {@code out/tasks}
   */
  public static BaseTrainingOptions of(Path out) {
    return new BaseTrainingOptions(
        out, out.resolve("tasks"), 1, ModelSize.reference(), TrainingRecipe.base(), 250);
  }

  /**
   * Changes the seed.
   *
   * @param newSeed the new seed
   * @return a changed copy
   */
  public BaseTrainingOptions withSeed(long newSeed) {
    return new BaseTrainingOptions(out, tasks, newSeed, size, recipe, stateEverySteps);
  }

  /**
   * Changes where task files go.
   *
   * @param newTasks the new directory
   * @return a changed copy
   */
  public BaseTrainingOptions withTasks(Path newTasks) {
    return new BaseTrainingOptions(out, newTasks, seed, size, recipe, stateEverySteps);
  }

  /**
   * Changes the model's shape.
   *
   * @param newSize the new shape
   * @return a changed copy
   */
  public BaseTrainingOptions withSize(ModelSize newSize) {
    return new BaseTrainingOptions(out, tasks, seed, newSize, recipe, stateEverySteps);
  }

  /**
   * Changes the recipe.
   *
   * @param newRecipe the new recipe
   * @return a changed copy
   */
  public BaseTrainingOptions withRecipe(TrainingRecipe newRecipe) {
    return new BaseTrainingOptions(out, tasks, seed, size, newRecipe, stateEverySteps);
  }

  /**
   * Changes how often the state is saved.
   *
   * @param steps the new number of steps, positive
   * @return a changed copy
   */
  public BaseTrainingOptions withStateEverySteps(int steps) {
    return new BaseTrainingOptions(out, tasks, seed, size, recipe, steps);
  }
}
