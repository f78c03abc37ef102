package io.deltapress.djl.study;

import io.deltapress.djl.train.FineTuneOptions;
import io.deltapress.djl.train.LoraOptions;
import io.deltapress.djl.train.Regularization;
import io.deltapress.djl.train.Trainer;
import io.deltapress.djl.train.TrainingListener;
import io.deltapress.djl.train.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tune of the reference base on a tenant's training tasks, always from seed 1.
 *
 * @param name short, unique in the study
 * @param kind what is special about its delta
 * @param task the shipped model whose tasks it learns
 * @param learningRate the highest learning rate
 * @param steps optimizer steps
 * @param regularization what holds it near its base; null for nothing but the usual weight decay
 * @param lora the adapter that is trained in place of the matrices; null for none
 */
public record TrainedDecoder(
    String name,
    DeltaKind kind,
    String task,
    double learningRate,
    int steps,
    @Nullable Regularization regularization,
    @Nullable LoraOptions lora)
    implements TrainedFineTune {

  private static final String ROUTER = "router";
  private static final int LORA_RANK = 8;

  /**
   * Lists what the full study makes of the reference base.
   *
   * @return one of each kind that does not ship
   */
  public static List<TrainedFineTune> all() {
    return List.of(
        new TrainedDecoder("router-large", DeltaKind.LARGE, ROUTER, 4e-3, 300, null, null),
        new TrainedDecoder(
            "router-l2",
            DeltaKind.L2,
            ROUTER,
            1e-3,
            400,
            new Regularization(Regularization.Norm.L2, 0.03),
            null),
        new TrainedDecoder(
            "router-l1",
            DeltaKind.L1,
            ROUTER,
            1e-3,
            400,
            new Regularization(Regularization.Norm.L1, 1e-4),
            null),
        new TrainedDecoder(
            "router-lora", DeltaKind.LORA, ROUTER, 3e-3, 400, null, LoraOptions.of(LORA_RANK)));
  }

  /** What training of one's own makes of the size is the point of the pull. */
  @Override
  public boolean sized() {
    return kind == DeltaKind.L2;
  }

  @Override
  public FineTune make(ShippedFineTunes reference, Path models, StudyListener listener)
      throws IOException {
    FineTune taught = reference.of(task);
    Path directory = models.resolve(TrainedModels.directoryName(name, toString()));
    if (!Files.exists(directory)) {
      if (lora == null) {
        train(taught, directory, listener);
      } else {
        Path adapter = TrainedModels.adapterBeside(directory);
        if (!Files.exists(adapter)) {
          train(taught, adapter, listener);
        }
        TrainedModels.merge(taught.base(), adapter, directory);
      }
    }
    return new FineTune(
        name,
        kind,
        task,
        origin(),
        taught.base(),
        directory,
        taught.test(),
        taught.validation(),
        taught.calibration());
  }

  private void train(FineTune taught, Path out, StudyListener listener) throws IOException {
    TrainingRecipe recipe =
        TrainingRecipe.fineTune().withLearningRate(learningRate).withSteps(steps);
    TrainingListener stepped =
        progress ->
            listener.working(
                String.format(
                    Locale.ROOT, "training %s, step %d of %d", name, progress.step(), steps));
    Trainer.run(
        FineTuneOptions.of(taught.base(), taught.calibration(), out)
            .withRecipe(recipe)
            .withStateEverySteps(TrainedModels.STATE_EVERY_STEPS)
            .withRegularization(regularization)
            .withLora(lora),
        stepped);
  }

  private String origin() {
    String plain =
        String.format(
            Locale.ROOT, "trained: rate %s, %d steps", TrainedModels.plain(learningRate), steps);
    if (regularization != null) {
      return "%s, AdamR-%s of strength %s"
          .formatted(plain, regularization.norm(), TrainedModels.plain(regularization.strength()));
    }
    return lora == null
        ? plain
        : String.format(Locale.ROOT, "%s, LoRA of rank %d, merged", plain, lora.rank());
  }
}
