package io.deltapress.djl.study;

import io.deltapress.djl.train.BaseTrainingOptions;
import io.deltapress.djl.train.EncoderPreTraining;
import io.deltapress.djl.train.FineTuneOptions;
import io.deltapress.djl.train.Trainer;
import io.deltapress.djl.train.TrainingListener;
import io.deltapress.djl.train.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A classifier on an encoder, which the study pre-trains too, always from seed 1. All its weights
 * are trained.
 *
 * @param name short, unique in the study
 * @param base of the training of its base; where that goes is of no meaning
 * @param learningRate the highest learning rate
 * @param steps optimizer steps
 */
public record TrainedEncoder(String name, TrainingRecipe base, double learningRate, int steps)
    implements TrainedFineTune {

  private static final String TASK = "desk";

  /**
   * Gives the encoder of the full study.
   *
   * @return a classifier of tickets
   */
  public static TrainedEncoder reference() {
    return new TrainedEncoder("encoder", TrainingRecipe.encoderBase(), 5e-4, 300);
  }

  @Override
  public FineTune make(ShippedFineTunes reference, Path models, StudyListener listener)
      throws IOException {
    Path baseDirectory = models.resolve(TrainedModels.directoryName(name + "-base", "" + base));
    Path tasks = models.resolve(baseDirectory.getFileName() + "-tasks");
    if (!Files.exists(baseDirectory)) {
      BaseTrainingOptions options =
          EncoderPreTraining.options(baseDirectory)
              .withTasks(tasks)
              .withRecipe(base)
              .withStateEverySteps(TrainedModels.STATE_EVERY_STEPS);
      EncoderPreTraining.run(options, told(listener, "base of " + name, base.steps()));
    }
    Path directory = models.resolve(TrainedModels.directoryName(name, toString()));
    if (!Files.exists(directory)) {
      TrainingRecipe recipe =
          TrainingRecipe.fineTune().withLearningRate(learningRate).withSteps(steps);
      Trainer.run(
          FineTuneOptions.of(baseDirectory, tasks.resolve(TASK + "-train.jsonl"), directory)
              .withRecipe(recipe)
              .withStateEverySteps(TrainedModels.STATE_EVERY_STEPS),
          told(listener, name, steps));
    }
    return new FineTune(
        name,
        DeltaKind.ENCODER,
        TASK,
        String.format(
            Locale.ROOT,
            "trained: BERT classifier, rate %s, %d steps",
            TrainedModels.plain(learningRate),
            steps),
        baseDirectory,
        directory,
        tasks.resolve(TASK + "-test.jsonl"),
        tasks.resolve(TASK + "-validation.jsonl"),
        tasks.resolve(TASK + "-train.jsonl"));
  }

  private static TrainingListener told(StudyListener listener, String what, int steps) {
    return progress ->
        listener.working(
            String.format(Locale.ROOT, "training %s, step %d of %d", what, progress.step(), steps));
  }
}
