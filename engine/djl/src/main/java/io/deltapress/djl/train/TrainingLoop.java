package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.memory.WithoutGradients;
import java.io.IOException;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Trains weights on examples, from the last saved state on. */
final class TrainingLoop {

  private final NDManager manager;
  private final SortedMap<String, NDArray> weights;
  private final SortedMap<String, double[]> memory;
  private final TrainingExamples examples;
  private final Plan plan;

  /**
   * Prepares a training.
   *
   * @param trainee whose weights change
   */
  TrainingLoop(Trainee trainee, TrainingExamples examples, Plan plan) {
    this.manager = trainee.manager();
    this.weights = trainee.trained();
    this.memory = trainee.memory();
    this.examples = examples;
    this.plan = plan;
  }

  /**
   * How to train.
   *
   * @param recipe of the optimizer
   * @param seed of the data order
   * @param stateEverySteps how often the state is saved
   * @param regularization what holds weights near their first values, in place of the recipe's
   *     weight decay; null for that
   * @param drawn weights that were drawn for this training, so are held near to nothing
   */
  record Plan(
      TrainingRecipe recipe,
      long seed,
      int stateEverySteps,
      @Nullable Regularization regularization,
      Set<String> drawn) {

    /** Of a base that has a head, that was not trained for this task: it is as good as new. */
    private static final String HEAD = "classifier";

    /** A plan with weight decay. */
    Plan(TrainingRecipe recipe, long seed, int stateEverySteps) {
      this(recipe, seed, stateEverySteps, null, Set.of());
    }

    /** Whether a weight is held near its first value, if any is. */
    boolean holds(String weight) {
      return !weight.contains(HEAD) && !drawn.contains(weight);
    }

    Adam optimizer(NDManager manager, SortedMap<String, NDArray> weights) {
      Decay decay =
          regularization == null
              ? new WeightDecay(manager, recipe.weightDecay())
              : new PretrainedPull(manager, regularization, weights, this::holds);
      return new Adam(manager, Adam.Settings.of(recipe), weights, decay);
    }
  }

  /** Runs to the end and returns the loss of the last batch. */
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  double run(StateFile stateFile, TrainingListener listener) throws IOException {
    try (WithoutGradients off = new WithoutGradients();
        Adam optimizer = plan.optimizer(manager, weights)) {
      StateFile.Progress first = stateFile.restore(optimizer.state(), memory);
      weights.values().forEach(weight -> weight.setRequiresGradient(true));
      double loss = steps(first, optimizer, stateFile, listener);
      weights.values().forEach(weight -> weight.setRequiresGradient(false));
      return loss;
    }
  }

  private double steps(
      StateFile.Progress first, Adam optimizer, StateFile stateFile, TrainingListener listener)
      throws IOException {
    LearningRateSchedule schedule = new LearningRateSchedule(plan.recipe);
    DataOrder order = new DataOrder(plan.seed, examples.size(), plan.recipe.batchSize());
    int steps = plan.recipe.steps();
    long started = System.nanoTime();
    long tokens = 0;
    double loss = first.loss();
    for (int at = first.steps(); at < steps; at++) {
      TrainingExamples.Batch batch = examples.batch(order.batch(at));
      loss = step(at, batch, optimizer, schedule.at(at));
      tokens += batch.tokens();
      if ((at + 1) % plan.stateEverySteps == 0) {
        stateFile.save(new StateFile.Progress(at + 1, loss), optimizer.state(), memory);
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      listener.stepped(new TrainingProgress(at + 1, steps, loss, tokens / seconds));
    }
    return loss;
  }

  private double step(int at, TrainingExamples.Batch batch, Adam optimizer, double learningRate)
      throws TrainingDivergedException {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      float loss = BackwardPass.run(batch::loss);
      if (!Float.isFinite(loss)) {
        throw new TrainingDivergedException(at, "loss", loss);
      }
      optimizer.update(at, learningRate);
      return loss;
    }
  }
}
