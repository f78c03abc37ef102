/**
 * Checkpoints on disk: safetensors files and sharded Hugging Face directories, read through memory
 * maps, written atomically, and identified by digests.
 *
 * <p>Everything read here may come from a stranger. Each rule of the format is checked, each size
 * is bounded before anything of that size is allocated, and a broken rule is a {@link
 * io.deltapress.format.BadInputException} with one line naming the file, the tensor and the rule.
 */
@NullMarked
package io.deltapress.format.tensor;

import org.jspecify.annotations.NullMarked;
