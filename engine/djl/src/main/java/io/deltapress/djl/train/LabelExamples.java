package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.evaluate.LabelBatch;
import io.deltapress.djl.evaluate.LabelledSequence;
import io.deltapress.djl.model.SequenceClassifier;
import java.util.Arrays;
import java.util.List;

/**
 * Texts with their labels: classes are learned by cross-entropy, the numbers of a regression by
 * mean squared error.
 */
record LabelExamples(SequenceClassifier model, List<LabelledSequence> sequences)
    implements TrainingExamples {

  @Override
  public int size() {
    return sequences.size();
  }

  @Override
  public Batch batch(int[] indices) {
    List<LabelledSequence> chosen = Arrays.stream(indices).mapToObj(sequences::get).toList();
    return new LabelledBatch(model, LabelBatch.of(chosen));
  }

  private record LabelledBatch(SequenceClassifier model, LabelBatch batch) implements Batch {

    @Override
    public int tokens() {
      return batch.inputs().size() * batch.inputs().length();
    }

    @Override
    public NDArray loss() {
      NDArray logits = model.logits(batch.inputs());
      return model.labels() == 1 ? squaredError(logits) : crossEntropy(logits);
    }

    private NDArray squaredError(NDArray logits) {
      NDManager manager = model.weights().manager();
      float[] numbers = new float[batch.labels().length];
      for (int row = 0; row < numbers.length; row++) {
        numbers[row] = (float) batch.labels()[row];
      }
      return logits.sub(manager.create(numbers, new Shape(numbers.length, 1))).square().mean();
    }

    private NDArray crossEntropy(NDArray logits) {
      NDManager manager = model.weights().manager();
      long[] classes = Arrays.stream(batch.labels()).mapToLong(label -> (long) label).toArray();
      return logits
          .logSoftmax(-1)
          .gather(manager.create(classes, new Shape(classes.length, 1)), -1)
          .mean()
          .neg();
    }
  }
}
