/** Serdes of stores and headers of records. */
@NullMarked
package io.deltapress.app.processor;

import org.jspecify.annotations.NullMarked;
