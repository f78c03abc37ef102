package io.deltapress.djl.rescale;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.deltapress.djl.importance.CalibrationBatch;
import io.deltapress.djl.model.TransformerModel;

/**
 * How the outputs of two models differ. May take part in a recorded graph, so no Number operands
 * are used.
 */
enum OutputComparison {
  /** Mean squared error of the logits that are the reference's five largest (DAREx, decoders). */
  TOP_LOGITS("top-5 logit error", MaskAverage.MEAN) {
    @Override
    NDArray outputs(TransformerModel model, CalibrationBatch batch) {
      return measured(model, batch);
    }

    @Override
    NDList reference(NDArray outputs) {
      int count = (int) Math.min(TOP, outputs.getShape().getLastDimension());
      return outputs.topK(count, -1, true, true);
    }

    @Override
    NDArray difference(NDArray outputs, NDList reference) {
      NDArray largest = reference.get(0);
      NDArray ids = reference.get(1);
      return outputs.gather(ids, -1).sub(largest).square().mean(new int[] {-1}).sum();
    }
  },
  /** Kullback-Leibler divergence of the reference's next token from the model's, in nats. */
  DIVERGENCE("KL divergence", MaskAverage.MEAN) {
    @Override
    NDArray outputs(TransformerModel model, CalibrationBatch batch) {
      return measured(model, batch);
    }

    @Override
    NDList reference(NDArray outputs) {
      return new NDList(outputs.logSoftmax(-1));
    }

    @Override
    NDArray difference(NDArray outputs, NDList reference) {
      NDArray expected = reference.get(0);
      return expected.exp().mul(expected.sub(outputs.logSoftmax(-1))).sum();
    }
  },
  /** Mean absolute difference of the last hidden state (DAREx, encoders). */
  HIDDEN_STATE("last hidden state change", MaskAverage.MEAN_WITHOUT_OUTLIER) {
    @Override
    NDArray outputs(TransformerModel model, CalibrationBatch batch) {
      return rows(model.hidden(batch.inputs()), batch.realTokens());
    }

    @Override
    NDList reference(NDArray outputs) {
      return new NDList(outputs.duplicate());
    }

    @Override
    NDArray difference(NDArray outputs, NDList reference) {
      return outputs.sub(reference.get(0)).abs().mean(new int[] {-1}).sum();
    }
  };

  private static final int TOP = 5;

  private final String words;
  private final MaskAverage average;

  OutputComparison(String words, MaskAverage average) {
    this.words = words;
    this.average = average;
  }

  /** What is measured, in words. */
  String words() {
    return words;
  }

  /** How the figures of several masks become one. */
  MaskAverage average() {
    return average;
  }

  /** Computes what is compared: [rows, width]. */
  abstract NDArray outputs(TransformerModel model, CalibrationBatch batch);

  /** Keeps what later outputs are compared with; belongs to the manager of the outputs. */
  abstract NDList reference(NDArray outputs);

  /** Adds the difference of each row up: a float32 array of rank 0. */
  abstract NDArray difference(NDArray outputs, NDList reference);

  private static NDArray measured(TransformerModel model, CalibrationBatch batch) {
    return rows(model.logits(batch.inputs()), batch.measuredTokens());
  }

  /** Of a figure per sequence all rows, of a figure per token those that are asked for. */
  private static NDArray rows(NDArray outputs, long[] tokens) {
    if (outputs.getShape().dimension() == 2) {
      return outputs;
    }
    NDArray flat = outputs.reshape(-1, outputs.getShape().getLastDimension());
    // Owned by the engine, since a recorded graph refers to it.
    NDArray ids = outputs.getManager().create(tokens).duplicate();
    return flat.get(new NDIndex("{}", ids));
  }
}
