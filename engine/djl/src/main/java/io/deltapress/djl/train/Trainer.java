package io.deltapress.djl.train;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.evaluate.TokenizedTask;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.LlamaConfig;
import io.deltapress.djl.model.LlamaModel;
import io.deltapress.djl.model.ModelConfigFile;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.world.FactWorld;
import io.deltapress.djl.world.WordLevelTokenizer;
import io.deltapress.djl.world.WorldTasks;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Trains models. The same options, number of threads and kind of processor give the same bits,
 * whether or not the training was interrupted: started again with the same options, it resumes from
 * the state saved beside the output directory.
 */
public final class Trainer {

  private Trainer() {}

  /**
   * Generates a world of facts, trains a base on it, and writes model and task files.
   *
   * @param options what to do
   * @param listener told about every step
   * @return what was done
   * @throws BadInputException when the output exists already, or a saved state is another
   *     training's
   * @throws TrainingDivergedException when a loss or gradient is not finite
   * @throws IOException when a file cannot be read or written
   */
  public static TrainingReport run(BaseTrainingOptions options, TrainingListener listener)
      throws IOException {
    prepare(options.out());
    FactWorld world = new FactWorld(options.seed());
    List<String> words = world.vocabulary();
    LlamaConfig config = options.size().config(WordLevelTokenizer.size(words));
    try (NDManager manager = TensorRuntime.newManager();
        LlamaModel model = new LlamaModel(config, new ModelWeights(manager, config.shapes()));
        TextTokenizer tokenizer = TextTokenizer.of(WordLevelTokenizer.json(words));
        ModelDescription description =
            ModelDescription.of(config, WordLevelTokenizer.json(words))) {
      InitialWeights.fill(config, model.weights(), options.seed());
      List<TokenizedTask> examples =
          TokenizedTask.allOf(world.trainingTasks(), tokenizer, config.endToken());
      Training training =
          new Training(
              options.out(),
              String.format(
                  Locale.ROOT, "base %d %s %s", options.seed(), options.size(), options.recipe()),
              new TrainingLoop.Plan(options.recipe(), options.seed(), options.stateEverySteps()));
      TrainingReport report =
          training.run(
              new TrainedModel(model, description.directory(), null, name -> true),
              new AnswerExamples(model, examples, options.recipe().promptWeight()),
              listener);
      WorldTasks.write(world, options.tasks());
      return report;
    }
  }

  /**
   * Trains the attention and feed-forward matrices of a base on a task file, or a LoRA adapter to
   * them; of an encoder, everything on labelled texts.
   *
   * @param options what to do
   * @param listener told about every step
   * @return what was done
   * @throws BadInputException when an input is unusable, the output exists already, or a saved
   *     state is another training's
   * @throws TrainingDivergedException when a loss or gradient is not finite
   * @throws IOException when a file cannot be read or written
   */
  public static TrainingReport run(FineTuneOptions options, TrainingListener listener)
      throws IOException {
    prepare(options.out());
    if (ModelConfigFile.read(options.base().resolve(ModelConfigFile.NAME)).family().isEncoder()) {
      return ClassifierFineTuning.run(options, listener);
    }
    try (NDManager manager = TensorRuntime.newManager();
        LanguageModel model = ModelDirectory.loadLanguageModel(manager, options.base());
        TextTokenizer tokenizer = ModelDirectory.tokenizer(options.base())) {
      List<TokenizedTask> examples = TokenizedTask.read(options.data(), tokenizer, model);
      return fineTune(
          options,
          new TrainedModel(model, options.base(), options.base(), matrices(model)),
          Set.of(),
          new AnswerExamples(model, examples, options.recipe().promptWeight()),
          listener);
    }
  }

  /**
   * Trains a model, or an adapter to it, as the options say.
   *
   * @param whole what is trained without an adapter
   * @param drawn names of weights that the base does not hold
   */
  static TrainingReport fineTune(
      FineTuneOptions options,
      TrainedModel whole,
      Set<String> drawn,
      TrainingExamples examples,
      TrainingListener listener)
      throws IOException {
    Training training =
        new Training(
            options.out(),
            FineTuneIdentity.of(options),
            new TrainingLoop.Plan(
                options.recipe(),
                options.seed(),
                options.stateEverySteps(),
                options.regularization(),
                drawn));
    if (options.lora() == null) {
      return training.run(whole, examples, listener);
    }
    try (LoraLayers layers =
        LoraLayers.attach(whole.model(), options.base(), options.lora(), options.seed())) {
      return training.run(layers, examples, listener);
    }
  }

  private static Predicate<String> matrices(LanguageModel model) {
    return model.linearLayers().stream().map(LinearLayer::weight).collect(Collectors.toSet())
        ::contains;
  }

  /** Better now than after the training. */
  static void prepare(Path out) throws IOException {
    if (Files.exists(out)) {
      throw BadInputException.of(
          out, "exists already; give another output directory, or delete this one");
    }
    Files.createDirectories(out.toAbsolutePath().getParent());
  }
}
