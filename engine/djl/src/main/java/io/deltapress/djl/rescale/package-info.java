/** Chooses the rescale factor of a pruned delta by measuring the pruned model. */
@NullMarked
package io.deltapress.djl.rescale;

import org.jspecify.annotations.NullMarked;
