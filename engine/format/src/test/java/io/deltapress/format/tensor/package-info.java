/** Specifications of checkpoints on disk. */
@NullMarked
package io.deltapress.format.tensor;

import org.jspecify.annotations.NullMarked;
