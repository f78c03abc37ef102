package io.deltapress.djl.study;

import io.deltapress.djl.evaluate.Scorer;
import io.deltapress.djl.evaluate.TaskOverlap;
import io.deltapress.djl.importance.CalibrationBatch;
import io.deltapress.djl.importance.CalibrationRun;
import io.deltapress.djl.importance.CalibrationText;
import io.deltapress.djl.importance.TensorDeltas;
import io.deltapress.djl.importance.WandaNorms;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.PatchedModel;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.rescale.OutputChange;
import io.deltapress.format.artifact.InputNorms;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.util.List;

/**
 * A fine-tune as a worker has it at hand: its checkpoint open, its tasks tokenized, its own outputs
 * and inputs of layers remembered. Belongs to the thread of its {@link Bench}.
 */
final class LoadedFineTune implements AutoCloseable {

  private final PatchedModel patched;
  private final Checkpoint checkpoint;
  private final Scorer test;
  private final Scorer validation;
  private final OutputChange outputChange;
  private final InputNorms inputNorms;

  private LoadedFineTune(FineTune fineTune, PatchedModel patched, Checkpoint checkpoint)
      throws IOException {
    this.patched = patched;
    this.checkpoint = checkpoint;
    TransformerModel model = patched.model();
    try (TextTokenizer tokenizer = ModelDirectory.tokenizer(fineTune.base())) {
      this.test = Scorer.of(model, tokenizer, fineTune.test(), null);
      this.validation = Scorer.of(model, tokenizer, fineTune.validation(), null);
      List<CalibrationBatch> batches =
          CalibrationText.read(fineTune.calibration(), tokenizer, model);
      patched.apply(checkpoint);
      this.inputNorms = WandaNorms.of(CalibrationRun.of(model, batches, TensorDeltas.none()));
      this.outputChange = OutputChange.ofFamily(model, batches);
    }
  }

  /**
   * Opens a fine-tune.
   *
   * @param patched its base; stays the caller's, and ends with the fine-tune on it
   * @throws io.deltapress.format.BadInputException if it is tested on what choices are made by
   */
  static LoadedFineTune open(FineTune fineTune, PatchedModel patched) throws IOException {
    TaskOverlap.requireNone(fineTune.calibration(), fineTune.test());
    TaskOverlap.requireNone(fineTune.validation(), fineTune.test());
    Checkpoint checkpoint = Checkpoints.open(fineTune.directory());
    try {
      return new LoadedFineTune(fineTune, patched, checkpoint);
    } catch (IOException e) {
      checkpoint.close();
      throw e;
    }
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  PatchedModel patched() {
    return patched;
  }

  /** What goes into the linear layers of the unpruned fine-tune. */
  InputNorms inputNorms() {
    return inputNorms;
  }

  /** Score of the model's present weights on the test tasks. */
  double testScore() {
    return test.score();
  }

  /** Score of the model's present weights on the validation tasks. */
  double validationScore() {
    return validation.score();
  }

  /** How far the outputs of the model's present weights are from the fine-tune's. */
  double outputChange() {
    return outputChange.measure();
  }

  @Override
  public void close() {
    outputChange.close();
    checkpoint.close();
  }
}
