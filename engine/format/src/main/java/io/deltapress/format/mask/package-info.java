/**
 * Masks: which positions of a tensor a delta artifact keeps.
 *
 * <p>A {@link io.deltapress.format.mask.SeededMask} is drawn again from a seed, so it is never
 * stored; {@code MASK.md} defines it to the bit. A stored mask is written with the artifact, in the
 * codec that {@code FORMAT.md} defines. Both work on blocks of {@link
 * io.deltapress.format.mask.MaskBlocks#ELEMENTS} elements, row-major.
 */
@NullMarked
package io.deltapress.format.mask;

import org.jspecify.annotations.NullMarked;
