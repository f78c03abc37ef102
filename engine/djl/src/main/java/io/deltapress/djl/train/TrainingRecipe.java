package io.deltapress.djl.train;

/**
 * How weights are trained: Adam with a warm-up and a cosine decay of the learning rate.
 *
 * @param steps number of optimizer steps, positive
 * @param batchSize sequences per step, positive
 * @param learningRate highest learning rate, positive
 * @param warmupSteps steps over which the rate rises to its highest, not negative
 * @param finalLearningRateFraction what is left of the rate at the end, 0 to 1
 * @param weightDecay decoupled decay of matrices per unit of learning rate, not negative; without
 *     effect where a {@link Regularization} takes its place
 * @param clipNorm longest gradient over all trained tensors, positive; longer ones are scaled down
 * @param promptWeight weight in the loss of prompt tokens, answer tokens having 1; 0 to 1
 */
public record TrainingRecipe(
    int steps,
    int batchSize,
    double learningRate,
    int warmupSteps,
    double finalLearningRateFraction,
    double weightDecay,
    double clipNorm,
    double promptWeight) {

  /** Checks the ranges. */
  public TrainingRecipe {
    require(steps > 0, "steps must be positive");
    require(batchSize > 0, "batch size must be positive");
    require(learningRate > 0, "learning rate must be positive");
    require(warmupSteps >= 0, "warm-up steps must not be negative");
    require(
        finalLearningRateFraction >= 0 && finalLearningRateFraction <= 1,
        "final learning rate fraction must be 0 to 1");
    require(weightDecay >= 0, "weight decay must not be negative");
    require(clipNorm > 0, "clip norm must be positive");
    require(promptWeight >= 0 && promptWeight <= 1, "prompt weight must be 0 to 1");
  }

  /**
   * Gives the recipe of the reference base.
   *
   * @return what trains a world of 2,000 facts to more than 99 % exact match
   */
  public static TrainingRecipe base() {
    return new TrainingRecipe(1500, 64, 1e-3, 100, 0.05, 0.01, 1.0, 0.1);
  }

  /**
   * Gives the recipe of the reference encoder.
   *
   * @return what teaches a small encoder which words of a world belong together
   */
  public static TrainingRecipe encoderBase() {
    return new TrainingRecipe(1500, 64, 1e-3, 100, 0.05, 0.01, 1.0, 0.0);
  }

  /**
   * Gives the recipe of a fine-tune.
   *
   * @return a middle way: deltas that survive pruning of nine tenths, and learn most tasks
   */
  public static TrainingRecipe fineTune() {
    return new TrainingRecipe(300, 32, 5e-4, 20, 0.05, 0.01, 1.0, 0.0);
  }

  /**
   * Gives the recipe of an editor.
   *
   * @return what trains one for the reference base
   */
  public static TrainingRecipe editor() {
    return new TrainingRecipe(600, 8, 1e-3, 20, 0.05, 0, 1.0, 0);
  }

  /**
   * Changes the number of steps.
   *
   * @param newSteps the new number
   * @return a changed copy
   */
  public TrainingRecipe withSteps(int newSteps) {
    return new TrainingRecipe(
        newSteps,
        batchSize,
        learningRate,
        warmupSteps,
        finalLearningRateFraction,
        weightDecay,
        clipNorm,
        promptWeight);
  }

  /**
   * Changes the batch size.
   *
   * @param newBatchSize the new number of sequences
   * @return a changed copy
   */
  public TrainingRecipe withBatchSize(int newBatchSize) {
    return new TrainingRecipe(
        steps,
        newBatchSize,
        learningRate,
        warmupSteps,
        finalLearningRateFraction,
        weightDecay,
        clipNorm,
        promptWeight);
  }

  /**
   * Changes the learning rate.
   *
   * @param newLearningRate the new highest rate
   * @return a changed copy
   */
  public TrainingRecipe withLearningRate(double newLearningRate) {
    return new TrainingRecipe(
        steps,
        batchSize,
        newLearningRate,
        warmupSteps,
        finalLearningRateFraction,
        weightDecay,
        clipNorm,
        promptWeight);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
