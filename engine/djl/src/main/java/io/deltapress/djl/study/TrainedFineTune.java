package io.deltapress.djl.study;

import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.djl.train.FineTuneOptions;
import io.deltapress.djl.train.Regularization;
import io.deltapress.djl.train.Trainer;
import io.deltapress.djl.train.TrainingListener;
import io.deltapress.djl.train.TrainingRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tune of the reference base that a study makes itself, always from seed 1.
 *
 * @param name short, unique in the study
 * @param kind what is special about its delta
 * @param tenantModel the shipped model whose tasks it learns
 * @param learningRate the highest learning rate
 * @param steps optimizer steps
 * @param regularization what holds it near its base; null for nothing but the usual weight decay
 */
public record TrainedFineTune(
    String name,
    DeltaKind kind,
    String tenantModel,
    double learningRate,
    int steps,
    @Nullable Regularization regularization) {

  private static final int STATE_EVERY_STEPS = 100;

  /**
   * Lists what the full study makes.
   *
   * @return one of each kind that does not ship
   */
  public static List<TrainedFineTune> all() {
    return List.of(
        plain("router-large", 4e-3, 300),
        pulled("router-l2", DeltaKind.L2, new Regularization(Regularization.Norm.L2, 0.03)),
        pulled("router-l1", DeltaKind.L1, new Regularization(Regularization.Norm.L1, 1e-4)));
  }

  private static TrainedFineTune plain(String name, double learningRate, int steps) {
    return new TrainedFineTune(name, DeltaKind.LARGE, "router", learningRate, steps, null);
  }

  private static TrainedFineTune pulled(String name, DeltaKind kind, Regularization pull) {
    return new TrainedFineTune(name, kind, "router", 1e-3, 400, pull);
  }

  /**
   * Trains it, or finds it where an earlier run did.
   *
   * @param reference directory of the reference models
   * @param list what is there
   * @param models directory that trained models are kept in
   * @param listener told of the steps
   * @return the fine-tune
   * @throws IOException when something cannot be read or written
   */
  FineTune make(Path reference, ReferenceModels list, Path models, StudyListener listener)
      throws IOException {
    FineTune taught = ShippedFineTunes.of(reference, list, tenantModel);
    TrainingRecipe recipe =
        TrainingRecipe.fineTune().withLearningRate(learningRate).withSteps(steps);
    Path directory = models.resolve(name + "-" + checksum(recipe + " " + regularization));
    if (!Files.exists(directory)) {
      FineTuneOptions options =
          FineTuneOptions.of(taught.base(), taught.calibration(), directory)
              .withRecipe(recipe)
              .withRegularization(regularization)
              .withStateEverySteps(STATE_EVERY_STEPS);
      Trainer.run(options, listener(listener));
    }
    return new FineTune(
        name,
        kind,
        tenantModel,
        origin(),
        taught.base(),
        directory,
        taught.test(),
        taught.validation(),
        taught.calibration());
  }

  private TrainingListener listener(StudyListener listener) {
    return progress ->
        listener.working("training %s, step %d of %d".formatted(name, progress.step(), steps));
  }

  private String origin() {
    String plain = String.format(Locale.ROOT, "trained: rate %s, %d steps", learningRate, steps);
    return regularization == null
        ? plain
        : "%s, AdamR-%s %s".formatted(plain, regularization.norm(), regularization.strength());
  }

  /** Another recipe makes another model, which must not be taken for this one. */
  private static String checksum(String recipe) {
    CRC32 checksum = new CRC32();
    checksum.update(recipe.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(checksum.getValue());
  }
}
