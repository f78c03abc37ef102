/** Chooses how to prune a delta by measuring what each way does to the model. */
@NullMarked
package io.deltapress.djl.select;

import org.jspecify.annotations.NullMarked;
