/** Looks at what goes into a model's linear layers, which says what of a delta matters. */
@NullMarked
package io.deltapress.djl.importance;

import org.jspecify.annotations.NullMarked;
