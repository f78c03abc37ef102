/**
 * Edits as artifacts: the low-rank shifts of a few weights that make one fact so, read as a
 * stranger's input, and lists of them put on their foundation. {@code FORMAT.md} defines files and
 * results to the bit.
 *
 * <p>{@link io.deltapress.format.edit.EditArtifactWriter} writes what an editor computed, {@link
 * io.deltapress.format.edit.EditArtifact} opens it, and {@link
 * io.deltapress.format.edit.EditedCheckpoint} is the foundation with a list of edits on it.
 */
@NullMarked
package io.deltapress.format.edit;

import org.jspecify.annotations.NullMarked;
