package io.deltapress.djl.train;

import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TransformerModel;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One training from loaded weights to a written model directory.
 *
 * @param out where the model directory goes
 * @param identity what tells this training from another
 * @param plan how to train
 */
record Training(Path out, String identity, TrainingLoop.Plan plan) {

  TrainingReport run(
      TransformerModel model,
      Path description,
      TrainingExamples examples,
      TrainingListener listener)
      throws IOException {
    long started = System.nanoTime();
    StateFile stateFile = new StateFile(stateBeside(out), identity);
    double loss = new TrainingLoop(model.weights(), examples, plan).run(stateFile, listener);
    ModelDirectory.save(model, description, out);
    stateFile.delete();
    return new TrainingReport(
        out,
        ModelDirectory.weightsDigest(out).hex(),
        plan.recipe().steps(),
        loss,
        (System.nanoTime() - started) / 1e9,
        TensorRuntime.threads());
  }

  /** Beside the output directory, which appears only when the training is done. */
  private static Path stateBeside(Path out) {
    return out.toAbsolutePath().resolveSibling(out.getFileName() + ".training.safetensors");
  }
}
