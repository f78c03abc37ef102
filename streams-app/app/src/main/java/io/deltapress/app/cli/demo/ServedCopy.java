package io.deltapress.app.cli.demo;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.GreedyGenerator;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.follower.materialise.LoadedEdits;
import io.deltapress.follower.materialise.LoadedVersion;
import io.deltapress.format.edit.EditArtifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks the copy of a model that a follower serves. */
final class ServedCopy {
  private static final int LONGEST_ANSWER = 4;

  private ServedCopy() {}

  /**
   * Loads what the follower has built, as an engine would, and has it answer.
   *
   * @return one answer per question, up to the full stop
   */
  static List<String> answers(LoadedVersion served, List<String> questions) throws IOException {
    try (NDManager manager = TensorRuntime.newManager();
        EditableModel model = EditableModel.open(manager, served.checkpoint())) {
      putOn(served.edits(), model);
      return answers(model, questions);
    }
  }

  private static void putOn(LoadedEdits edits, EditableModel model) throws IOException {
    boolean beside = edits.adapter().isPresent() || edits.patch().isPresent();
    for (Path file : beside ? edits.artifacts() : List.<Path>of()) {
      try (EditArtifact artifact = EditArtifact.open(file)) {
        model.putOn(artifact.editId(), artifact.shifts().values());
      }
    }
  }

  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  private static List<String> answers(EditableModel model, List<String> questions) {
    if (!(model.model() instanceof LanguageModel language)) {
      throw new DemoException("the model to edit generates no text");
    }
    GreedyGenerator generator = new GreedyGenerator(language);
    List<String> answers = new ArrayList<>();
    try (WithoutGradients off = new WithoutGradients()) {
      for (String question : questions) {
        long[] said = generator.generate(model.tokenizer().encode(question), LONGEST_ANSWER);
        answers.add(withoutFullStop(model.tokenizer().decode(said)));
      }
    }
    return answers;
  }

  private static String withoutFullStop(String said) {
    int stop = said.indexOf('.');
    return (stop < 0 ? said : said.substring(0, stop)).strip();
  }
}
