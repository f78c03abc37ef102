package io.deltapress.djl.train;

/** Linear warm-up, then half a cosine down to a fraction of the highest rate. */
record LearningRateSchedule(TrainingRecipe recipe) {

  /** The rate of a step, counted from 0. */
  double at(int step) {
    double highest = recipe.learningRate();
    if (step < recipe.warmupSteps()) {
      return highest * (step + 1) / recipe.warmupSteps();
    }
    int decaying = Math.max(1, recipe.steps() - recipe.warmupSteps());
    double progress = Math.min(1.0, (double) (step - recipe.warmupSteps()) / decaying);
    double cosine = 0.5 * (1 + StrictMath.cos(StrictMath.PI * progress));
    double floor = recipe.finalLearningRateFraction();
    return highest * (floor + (1 - floor) * cosine);
  }
}
