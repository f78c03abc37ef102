package io.deltapress.djl.train;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.EncoderConfig;
import io.deltapress.djl.model.EncoderModel;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.world.FactWorld;
import io.deltapress.djl.world.TicketRouting;
import io.deltapress.djl.world.WordLevelTokenizer;
import io.deltapress.djl.world.WorldTasks;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Pre-trains an encoder on the sentences of a generated world by filling in words.
 *
 * <p>The base is written as a classifier whose head was drawn and not trained, so that it has every
 * tensor and the config.json of the fine-tunes that will be made of it.
 */
public final class EncoderPreTraining {

  private EncoderPreTraining() {}

  /**
   * Gives what the reference encoder is trained with.
   *
   * @param out where the model directory goes
   * @return options with seed 1 and tasks in {@code out/tasks}
   */
  public static BaseTrainingOptions options(Path out) {
    return BaseTrainingOptions.of(out)
        .withSize(ModelSize.encoder())
        .withRecipe(TrainingRecipe.encoderBase());
  }

  /**
   * Generates a world, trains an encoder on its sentences, and writes model and labelled tasks.
   *
   * @param options what to do; the prompt weight of the recipe has no meaning here
   * @param listener told about every step
   * @return what was done
   * @throws BadInputException when the output exists already, or a saved state is another
   *     training's
   * @throws TrainingDivergedException when a loss or gradient is not finite
   * @throws IOException when a file cannot be read or written
   */
  public static TrainingReport run(BaseTrainingOptions options, TrainingListener listener)
      throws IOException {
    Trainer.prepare(options.out());
    FactWorld world = new FactWorld(options.seed());
    List<String> words = world.vocabulary();
    String tokenizerJson = WordLevelTokenizer.json(words);
    EncoderConfig config =
        options.size().encoderConfig(WordLevelTokenizer.size(words), TicketRouting.desks());
    try (NDManager manager = TensorRuntime.newManager();
        EncoderModel model = new EncoderModel(config, new ModelWeights(manager, config.shapes()));
        ModelDescription description = ModelDescription.of(config, tokenizerJson)) {
      new EncoderInitialWeights(model, options.seed()).fill(config.shapes().keySet());
      // Filling in words gives the head no gradient.
      Set<String> head = config.headTensors();
      Training training =
          new Training(
              options.out(),
              String.format(
                  Locale.ROOT,
                  "encoder base %d %s %s",
                  options.seed(),
                  options.size(),
                  options.recipe()),
              new TrainingLoop.Plan(options.recipe(), options.seed(), options.stateEverySteps()));
      TrainingReport report =
          training.run(
              new TrainedModel(model, description.directory(), null, name -> !head.contains(name)),
              new MaskedWordExamples(model, sentences(world, tokenizerJson), options.seed()),
              listener);
      WorldTasks.writeLabelled(world, options.tasks());
      return report;
    }
  }

  private static List<long[]> sentences(FactWorld world, String tokenizerJson) throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.of(tokenizerJson)) {
      return world.trainingTasks().stream()
          .map(task -> tokenizer.encode(task.prompt() + " " + task.answer()))
          .toList();
    }
  }
}
