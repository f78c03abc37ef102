package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditRequestFile;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.EditorTraining;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * Trains editors. The same options, number of threads and kind of processor give the same bits,
 * whether or not the training was interrupted: started again with the same options, it resumes from
 * the state saved beside the output directory, which holds the editor, its normaliser and the
 * optimizer.
 */
public final class EditorTrainer {

  private EditorTrainer() {}

  /**
   * Trains an editor for a model.
   *
   * @param options what to do
   * @param listener told about every step
   * @return what was done
   * @throws BadInputException when an input is unusable, the output exists already, or a saved
   *     state is another training's
   * @throws TrainingDivergedException when a loss or gradient is not finite
   * @throws IOException when a file cannot be read or written
   */
  public static TrainingReport run(EditorOptions options, TrainingListener listener)
      throws IOException {
    Trainer.prepare(options.out());
    List<EditRequest> requests = EditRequestFile.read(options.requests());
    try (NDManager manager = TensorRuntime.newManager();
        EditableModel model = EditableModel.open(manager, options.model());
        EditorTraining editor =
            new EditorTraining(model, requests, options.settings(), options.seed())) {
      Training training =
          new Training(
              options.out(),
              identity(options, model),
              new TrainingLoop.Plan(options.recipe(), options.seed(), options.stateEverySteps()));
      return training.run(new EditorTrainee(editor), new EditorExamples(editor), listener);
    }
  }

  private static String identity(EditorOptions options, EditableModel model) throws IOException {
    return String.format(
        Locale.ROOT,
        "editor %d %s %s base %s requests %s",
        options.seed(),
        options.recipe(),
        options.settings(),
        model.baseDigest(),
        FineTuneIdentity.sha256(Files.readAllBytes(options.requests())));
  }

  private record EditorTrainee(EditorTraining editor) implements Trainee {

    @Override
    public NDManager manager() {
      return editor.manager();
    }

    @Override
    public SortedMap<String, NDArray> trained() {
      return editor.parameters();
    }

    @Override
    public SortedMap<String, double[]> memory() {
      return editor.memory();
    }

    @Override
    public WeightsDigest save(Path out) throws IOException {
      return editor.save(out);
    }
  }

  private record EditorExamples(EditorTraining editor) implements TrainingExamples {

    @Override
    public int size() {
      return editor.size();
    }

    @Override
    public Batch batch(int[] indices) throws IOException {
      return new EditorBatch(editor.step(indices));
    }
  }

  private record EditorBatch(EditorTraining.Step step) implements TrainingExamples.Batch {

    @Override
    public int tokens() {
      return step.tokens();
    }

    @Override
    public NDArray loss() {
      return step.loss();
    }
  }
}
