package io.deltapress.djl.train;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.evaluate.LabelFile;
import io.deltapress.djl.evaluate.LabelledSequence;
import io.deltapress.djl.evaluate.LabelledText;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.EncoderModel;
import io.deltapress.djl.model.HeadlessEncoder;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Trains an encoder on labelled texts: all of its weights, as the recipe behind DARE's figures
 * does, or a LoRA adapter. A head that the base does not hold is drawn from the seed.
 */
final class ClassifierFineTuning {

  private final FineTuneOptions options;
  private final EncoderModel model;
  private final Set<String> drawn;
  private final List<LabelledSequence> examples;

  private ClassifierFineTuning(
      FineTuneOptions options, HeadlessEncoder start, List<LabelledSequence> examples) {
    this.options = options;
    this.model = start.model();
    this.drawn = start.missing();
    this.examples = examples;
  }

  static TrainingReport run(FineTuneOptions options, TrainingListener listener) throws IOException {
    int labels = labels(LabelFile.read(options.data()));
    try (NDManager manager = TensorRuntime.newManager()) {
      HeadlessEncoder start = HeadlessEncoder.load(manager, options.base(), labels);
      try (EncoderModel model = start.model();
          TextTokenizer tokenizer = ModelDirectory.tokenizer(options.base())) {
        new EncoderInitialWeights(model, options.seed()).fill(start.missing());
        List<LabelledSequence> examples = LabelledSequence.read(options.data(), tokenizer, model);
        ClassifierFineTuning tuning = new ClassifierFineTuning(options, start, examples);
        return tuning.drawn.isEmpty()
            ? tuning.run(options.base(), listener)
            : tuning.runWithNewHead(listener);
      }
    }
  }

  /** Classes if all labels are integers from 0 on, else a regression. */
  private static int labels(List<LabelledText> texts) {
    boolean classes =
        texts.stream()
            .mapToDouble(LabelledText::label)
            .allMatch(label -> label >= 0 && label == StrictMath.rint(label));
    double largest = texts.stream().mapToDouble(LabelledText::label).max().orElseThrow();
    return classes ? Math.max(2, 1 + (int) largest) : 1;
  }

  private TrainingReport runWithNewHead(TrainingListener listener) throws IOException {
    if (options.lora() != null) {
      throw BadInputException.of(
          options.base(),
          "has no classification head, which a LoRA adapter cannot add; train without LoRA first");
    }
    try (ModelDescription description = ModelDescription.ofHead(options.base(), model.config())) {
      return run(description.directory(), listener);
    }
  }

  private TrainingReport run(Path description, TrainingListener listener) throws IOException {
    return Trainer.fineTune(
        options,
        new TrainedModel(model, description, options.base(), name -> true),
        drawn,
        new LabelExamples(model, examples),
        listener);
  }
}
