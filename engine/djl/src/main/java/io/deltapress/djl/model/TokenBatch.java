package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/** Sequences of token ids side by side, filled up on the right with id 0. */
public final class TokenBatch {

  private final long[] ids;
  private final int[] lengths;
  private final int length;

  private TokenBatch(long[] ids, int[] lengths, int length) {
    this.ids = ids;
    this.lengths = lengths;
    this.length = length;
  }

  /**
   * Puts sequences side by side.
   *
   * @param sequences ids of each, at least one sequence of at least one id
   * @return the batch
   */
  public static TokenBatch of(List<long[]> sequences) {
    int longest = sequences.stream().mapToInt(ids -> ids.length).max().orElse(0);
    if (longest == 0) {
      throw new IllegalArgumentException("a batch has at least one token");
    }
    long[] ids = new long[Math.multiplyExact(sequences.size(), longest)];
    int[] lengths = new int[sequences.size()];
    for (int row = 0; row < lengths.length; row++) {
      long[] sequence = sequences.get(row);
      lengths[row] = sequence.length;
      System.arraycopy(sequence, 0, ids, row * longest, sequence.length);
    }
    return new TokenBatch(ids, lengths, longest);
  }

  /**
   * Says how many sequences there are.
   *
   * @return rows of the batch
   */
  public int size() {
    return lengths.length;
  }

  /**
   * Says how long the longest sequence is.
   *
   * @return columns of the batch
   */
  public int length() {
    return length;
  }

  /**
   * Says how long a sequence is.
   *
   * @param row which one
   * @return its tokens, without those that fill it up
   */
  public int length(int row) {
    return lengths[row];
  }

  /**
   * Counts the tokens that are not filled up.
   *
   * @return sum of all lengths
   */
  public int tokens() {
    return Arrays.stream(lengths).sum();
  }

  /**
   * Gives the ids to the engine.
   *
   * @param manager owner of the result, which borrows Java memory: to be kept open until a recorded
   *     graph was walked back
   * @return int64 [size, length]
   */
  public NDArray ids(NDManager manager) {
    return manager.create(ids, new Shape(size(), length));
  }

  /**
   * Tells real tokens from those that fill up.
   *
   * @param manager owner of the result, which borrows Java memory as {@link #ids} does
   * @return float32 [size, length], 1 for a real token and 0 for one that fills up
   */
  public NDArray mask(NDManager manager) {
    float[] mask = new float[ids.length];
    for (int row = 0; row < lengths.length; row++) {
      Arrays.fill(mask, row * length, row * length + lengths[row], 1);
    }
    return manager.create(mask, new Shape(size(), length));
  }
}
