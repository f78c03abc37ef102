package io.deltapress.djl.train;

import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One training from loaded weights to a written directory.
 *
 * @param out where the directory goes
 * @param identity what tells this training from another
 * @param plan how to train
 */
record Training(Path out, String identity, TrainingLoop.Plan plan) {

  TrainingReport run(Trainee trainee, TrainingExamples examples, TrainingListener listener)
      throws IOException {
    long started = System.nanoTime();
    StateFile stateFile = new StateFile(stateBeside(out), identity);
    double loss = new TrainingLoop(trainee, examples, plan).run(stateFile, listener);
    WeightsDigest digest = trainee.save(out);
    stateFile.delete();
    return new TrainingReport(
        out,
        digest.hex(),
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
