package io.deltapress.format.mask;

/**
 * How the elements of a tensor, row-major, fall into blocks. A block is the unit of work, of memory
 * and of random access of everything that has to do with masks.
 */
public final class MaskBlocks {
  /** Elements of every block but the last, which may be shorter. */
  public static final int ELEMENTS = 65_536;

  private MaskBlocks() {}

  /** Number of blocks of a tensor with that many elements; none if it is empty. */
  public static long count(long elements) {
    return elements / ELEMENTS + (elements % ELEMENTS == 0 ? 0 : 1);
  }

  /** Elements in one block of a tensor. */
  public static int length(long elements, long block) {
    return (int) Math.min(ELEMENTS, elements - block * ELEMENTS);
  }
}
