package io.deltapress.format.delta;

import io.deltapress.format.delta.LinearInput.Orientation;
import java.io.IOException;
import java.util.Arrays;

/**
 * Selects as WANDA does (Sun et al., ICLR 2024, equation 1): within each output row of a linear
 * layer's weight, the deltas with the largest {@code |D_ij| * ||x_j||} are kept and a given number
 * of the others is dropped; among equals the lower input is dropped first. Scores are computed in
 * binary64; NaN counts as larger than infinity.
 *
 * <p>Scores are found for as many outputs at a time as fit a panel of {@value #PANEL_ELEMENTS} (one
 * at least), whichever way the weight lies. So memory is that of two panels, or of one output row
 * if that is longer, and 12 bytes for every output. Not safe for use by several threads.
 */
public final class OutputRowSelection {
  /** Most scores that are held at a time, unless one output has more inputs. */
  static final int PANEL_ELEMENTS = 1 << 20;

  /** Most deltas that are read at a time. */
  private static final int READ_ELEMENTS = 1 << 16;

  private final LinearInput input;

  /** The largest score that is dropped, of each output; -1 where nothing is. */
  private final long[] thresholds;

  /** How many scores equal to it are still to be dropped. */
  private final int[] equalsToDrop;

  /** Where in the tensor the next block begins. */
  private int inputAt;

  private int outputAt;

  private OutputRowSelection(LinearInput input, int outputs) {
    this.input = input;
    this.thresholds = new long[outputs];
    this.equalsToDrop = new int[outputs];
  }

  /** The deltas of a tensor, any stretch of them. */
  @FunctionalInterface
  public interface DeltaReader {
    /**
     * Reads deltas of consecutive elements.
     *
     * @param element index of the first of them, row-major
     * @param count how many, at most 65,536
     * @return an array that begins with them and is reused afterwards
     */
    double[] read(long element, int count) throws IOException;
  }

  /**
   * Finds what divides the kept from the dropped of every output, in one pass over the deltas.
   *
   * @param input what is known of the inputs
   * @param outputs how many outputs the layer has
   * @param dropped how many deltas of each output to drop, at most as many as it has inputs
   */
  public static OutputRowSelection find(
      LinearInput input, int outputs, int dropped, DeltaReader deltas) throws IOException {
    OutputRowSelection selection = new OutputRowSelection(input, outputs);
    if (dropped == 0) {
      Arrays.fill(selection.thresholds, -1);
      return selection;
    }
    int inputs = input.inputs();
    int width = Math.min(outputs, Math.max(1, PANEL_ELEMENTS / inputs));
    long[] panel = new long[width * inputs];
    for (int first = 0; first < outputs; first += width) {
      int count = Math.min(width, outputs - first);
      selection.score(deltas, first, count, panel);
      for (int row = 0; row < count; row++) {
        selection.divide(first + row, dropped, panel, row * inputs);
      }
    }
    return selection;
  }

  /** Fills a panel with the scores of some outputs, one row for each. */
  private void score(DeltaReader deltas, int first, int count, long[] panel) throws IOException {
    int inputs = input.inputs();
    if (input.orientation() == Orientation.OUTPUT_INPUT) {
      for (int at = 0; at < count * inputs; at += READ_ELEMENTS) {
        int length = Math.min(READ_ELEMENTS, count * inputs - at);
        double[] read = deltas.read((long) first * inputs + at, length);
        for (int i = 0; i < length; i++) {
          panel[at + i] = score(read[i], (at + i) % inputs);
        }
      }
      return;
    }
    for (int j = 0; j < inputs; j++) {
      for (int at = 0; at < count; at += READ_ELEMENTS) {
        int length = Math.min(READ_ELEMENTS, count - at);
        double[] read = deltas.read((long) j * thresholds.length + first + at, length);
        for (int i = 0; i < length; i++) {
          panel[(at + i) * inputs + j] = score(read[i], j);
        }
      }
    }
  }

  /** The bits of a score, which order as scores do. */
  private long score(double delta, int inputIndex) {
    return Double.doubleToLongBits(Math.abs(delta) * input.norm(inputIndex)) & Long.MAX_VALUE;
  }

  private void divide(int output, int dropped, long[] panel, int from) {
    Arrays.sort(panel, from, from + input.inputs());
    long threshold = panel[from + dropped - 1];
    int equals = 1;
    while (equals < dropped && panel[from + dropped - 1 - equals] == threshold) {
      equals++;
    }
    thresholds[output] = threshold;
    equalsToDrop[output] = equals;
  }

  /**
   * Finds the kept positions of the next block; blocks must come in order.
   *
   * @param into receives ascending positions
   * @return how many are kept
   */
  public int positions(double[] deltas, int length, char[] into) {
    int kept = 0;
    for (int i = 0; i < length; i++) {
      long score = score(deltas[i], inputAt);
      long threshold = thresholds[outputAt];
      if (score > threshold || score == threshold && equalsToDrop[outputAt]-- <= 0) {
        into[kept++] = (char) i;
      }
      advance();
    }
    return kept;
  }

  private void advance() {
    if (input.orientation() == Orientation.OUTPUT_INPUT) {
      if (++inputAt == input.inputs()) {
        inputAt = 0;
        outputAt++;
      }
    } else if (++outputAt == thresholds.length) {
      outputAt = 0;
      inputAt++;
    }
  }
}
