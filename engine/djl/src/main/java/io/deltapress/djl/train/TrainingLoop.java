package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.evaluate.TokenizedTask;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LlamaModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Trains some tensors of a model on examples, from the last saved state on. */
final class TrainingLoop {

  private final LlamaModel model;
  private final List<TokenizedTask> examples;
  private final Plan plan;
  private final TrainingStep step;

  TrainingLoop(LlamaModel model, List<TokenizedTask> examples, Plan plan) {
    this.model = model;
    this.examples = examples;
    this.plan = plan;
    this.step = new TrainingStep(model);
  }

  /**
   * How to train.
   *
   * @param recipe of the optimizer
   * @param seed of the data order
   * @param trained which tensors change
   * @param stateEverySteps how often the state is saved
   */
  record Plan(TrainingRecipe recipe, long seed, Predicate<String> trained, int stateEverySteps) {}

  /** Runs to the end and returns the loss of the last batch. */
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  double run(StateFile stateFile, TrainingListener listener) throws IOException {
    SortedMap<String, NDArray> trained = new TreeMap<>(model.weights().arrays());
    trained.keySet().removeIf(plan.trained.negate());
    try (WithoutGradients off = new WithoutGradients();
        AdamW optimizer = new AdamW(model.weights().manager(), plan.recipe, trained)) {
      StateFile.Progress first = stateFile.restore(optimizer.state());
      trained.values().forEach(weight -> weight.setRequiresGradient(true));
      double loss = steps(first, optimizer, stateFile, listener);
      trained.values().forEach(weight -> weight.setRequiresGradient(false));
      return loss;
    }
  }

  private double steps(
      StateFile.Progress first, AdamW optimizer, StateFile stateFile, TrainingListener listener)
      throws IOException {
    LearningRateSchedule schedule = new LearningRateSchedule(plan.recipe);
    DataOrder order = new DataOrder(plan.seed, examples.size(), plan.recipe.batchSize());
    int steps = plan.recipe.steps();
    long started = System.nanoTime();
    long tokens = 0;
    double loss = first.loss();
    for (int at = first.steps(); at < steps; at++) {
      TrainingBatch batch = batch(order.batch(at));
      loss = step(at, batch, optimizer, schedule.at(at));
      tokens += batch.tokens();
      if ((at + 1) % plan.stateEverySteps == 0) {
        stateFile.save(new StateFile.Progress(at + 1, loss), optimizer.state());
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      listener.stepped(new TrainingProgress(at + 1, steps, loss, tokens / seconds));
    }
    return loss;
  }

  private double step(int at, TrainingBatch batch, AdamW optimizer, double learningRate)
      throws TrainingDivergedException {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      float loss = step.run(batch);
      if (!Float.isFinite(loss)) {
        throw new TrainingDivergedException(at, "loss", loss);
      }
      optimizer.update(at, learningRate);
      return loss;
    }
  }

  private TrainingBatch batch(int[] indices) {
    List<TokenizedTask> chosen = Arrays.stream(indices).mapToObj(examples::get).toList();
    return TrainingBatch.of(chosen, plan.recipe.promptWeight());
  }
}
