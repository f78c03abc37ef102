/** Specifications of the records, and examples of them. */
@NullMarked
package io.deltapress.schemas;

import org.jspecify.annotations.NullMarked;
