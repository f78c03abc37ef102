/**
 * What is done to single elements: the arithmetic of dropping and rescaling a delta, in each dtype
 * that can be pruned, and the statistics of a delta.
 *
 * <p>Everything works on one block at a time, as little-endian bytes in heap arrays: a block is
 * copied in bulk, then gathered from. All arithmetic is IEEE 754, nearest even, subnormals kept,
 * without fused multiply-add, so results are the same bits everywhere.
 */
@NullMarked
package io.deltapress.format.delta;

import org.jspecify.annotations.NullMarked;
