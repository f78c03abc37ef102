package io.deltapress.format.mask;

import java.io.IOException;

/** Goes through the mask of one tensor, block after block. Not safe for use by several threads. */
public interface MaskCursor {

  /**
   * Finds the kept positions of the next block.
   *
   * @param length elements of the block
   * @param into receives ascending positions, relative to the block; room for {@code length}
   * @return how many positions are kept
   * @throws io.deltapress.format.BadInputException if the mask is stored and breaks a rule
   */
  int next(int length, char[] into) throws IOException;

  /**
   * Tells the cursor that all blocks have been taken.
   *
   * @throws io.deltapress.format.BadInputException if the mask is stored and goes on
   */
  void finish() throws IOException;
}
