/**
 * Masks: which positions of a tensor a delta artifact keeps.
 *
 * <p>A {@link io.deltapress.format.mask.SeededMask} is drawn again from a seed, so it is never
 * stored; a structural one is drawn by whole rows and columns; {@code MASK.md} defines both to the
 * bit. A stored mask is written with the artifact, in the codec that {@code FORMAT.md} defines. All
 * work on blocks of {@link io.deltapress.format.mask.MaskBlocks#ELEMENTS} elements, row-major.
 */
@NullMarked
package io.deltapress.format.mask;

import org.jspecify.annotations.NullMarked;
