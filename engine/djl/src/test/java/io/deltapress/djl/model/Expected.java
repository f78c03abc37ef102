package io.deltapress.djl.model;

import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;

/** What an independent computation gave for a fixture, in float64, with the ids it was given. */
final class Expected implements AutoCloseable {

  private final Checkpoint file;

  Expected(Path directory) throws IOException {
    this.file = Checkpoints.open(directory.resolve("expected.safetensors"));
  }

  /** A tensor of int64, row-major. */
  long[] integers(String name) throws IOException {
    TensorInfo info = file.tensors().get(name);
    long[] values = new long[(int) info.elementCount()];
    file.data(name).copyTo(0, values, 0, values.length);
    return values;
  }

  /** A tensor of float64, row-major. */
  double[] decimals(String name) throws IOException {
    long[] bits = integers(name);
    double[] values = new double[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Double.longBitsToDouble(bits[i]);
    }
    return values;
  }

  /** The largest distance of an element from what was expected. */
  double worstError(float[] actual, String name) throws IOException {
    double[] expected = decimals(name);
    if (actual.length != expected.length) {
      throw new AssertionError(actual.length + " elements, not " + expected.length);
    }
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    }
    return worst;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
