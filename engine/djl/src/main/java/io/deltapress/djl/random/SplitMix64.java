package io.deltapress.djl.random;

/**
 * The SplitMix64 generator (Steele, Lea and Flood, 2014, figure 16), with the draws training needs.
 *
 * <p>Only integer arithmetic and StrictMath, so a seed means the same numbers everywhere. Not safe
 * for use by several threads.
 */
public final class SplitMix64 {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-53;

  private long state;

  /**
   * Starts a stream.
   *
   * @param seed any value
   */
  public SplitMix64(long seed) {
    this.state = seed;
  }

  /**
   * Starts a stream of its own for a purpose, unrelated to those of other purposes.
   *
   * @param seed the seed of the whole
   * @param purpose what the stream is for, such as an epoch or a tensor
   * @return a new generator
   */
  public static SplitMix64 forPurpose(long seed, long purpose) {
    return new SplitMix64(mix(seed + GAMMA) ^ mix(purpose * GAMMA));
  }

  /**
   * Draws 64 bits.
   *
   * @return any value, each as likely as the others
   */
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /**
   * Draws an index.
   *
   * @param bound number of values, positive
   * @return from 0 to bound - 1; the bias of less than bound / 2^63 does not matter here
   */
  public int nextInt(int bound) {
    return (int) Long.remainderUnsigned(nextLong() >>> 1, bound);
  }

  /**
   * Draws a number.
   *
   * @return from 0 inclusive to 1 exclusive, a multiple of 2^-53
   */
  public double nextDouble() {
    return (nextLong() >>> 11) * UNIT;
  }

  /**
   * Draws from the standard normal distribution by the Box-Muller transform.
   *
   * @return a number of mean 0 and variance 1
   */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
  }

  /**
   * Draws an order.
   *
   * @param size number of elements
   * @return the numbers 0 to size - 1, shuffled
   */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
