/**
 * Matrices of low rank added to the weights of a checkpoint, computed as they are read, with one
 * rounding: what adapters and edits have in common.
 */
@NullMarked
package io.deltapress.format.lowrank;

import org.jspecify.annotations.NullMarked;
