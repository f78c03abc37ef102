package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Sequences of token ids side by side, filled up on the right with id 0. Each token may carry the
 * id of the segment it belongs to, as the two texts of a pair do; without, all are in segment 0.
 */
public final class TokenBatch {

  private final long[] ids;
  private final long[] segments;
  private final int[] lengths;
  private final int length;

  private TokenBatch(long[] ids, long[] segments, int[] lengths, int length) {
    this.ids = ids;
    this.segments = segments;
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
    return of(sequences, sequences.stream().map(ids -> new long[ids.length]).toList());
  }

  /**
   * Puts sequences with segments side by side.
   *
   * @param sequences ids of each, at least one sequence of at least one id
   * @param segments segment of each id, in the same arrangement
   * @return the batch
   */
  public static TokenBatch of(List<long[]> sequences, List<long[]> segments) {
    int longest = sequences.stream().mapToInt(ids -> ids.length).max().orElse(0);
    if (longest == 0) {
      throw new IllegalArgumentException("a batch has at least one token");
    }
    int[] lengths = sequences.stream().mapToInt(ids -> ids.length).toArray();
    if (!Arrays.equals(lengths, segments.stream().mapToInt(ids -> ids.length).toArray())) {
      throw new IllegalArgumentException("each token has one segment");
    }
    return new TokenBatch(
        filledUp(sequences, longest), filledUp(segments, longest), lengths, longest);
  }

  private static long[] filledUp(List<long[]> rows, int longest) {
    long[] filled = new long[Math.multiplyExact(rows.size(), longest)];
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row), 0, filled, row * longest, rows.get(row).length);
    }
    return filled;
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

  /**
   * Gives the segment of each token to the engine.
   *
   * @param manager owner of the result, which borrows Java memory as {@link #ids} does
   * @return int64 [size, length]; 0 for a token that fills up
   */
  public NDArray segments(NDManager manager) {
    return manager.create(segments, new Shape(size(), length));
  }

  /**
   * Hides tokens that fill up from attention.
   *
   * @param manager owner of the result, which borrows Java memory as {@link #ids} does
   * @return float32 [size, 1, 1, 1, length], 0 for a real token and -infinity for one that fills up
   * @throws IllegalStateException when a sequence is empty, which leaves nothing to attend to
   */
  NDArray attentionMask(NDManager manager) {
    float[] mask = new float[ids.length];
    for (int row = 0; row < lengths.length; row++) {
      if (lengths[row] == 0) {
        throw new IllegalStateException("sequence %d is empty".formatted(row));
      }
      Arrays.fill(mask, row * length + lengths[row], (row + 1) * length, Float.NEGATIVE_INFINITY);
    }
    return manager.create(mask, new Shape(size(), 1, 1, 1, length));
  }
}
