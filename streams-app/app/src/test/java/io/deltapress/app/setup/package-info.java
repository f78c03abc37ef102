/** Specifications of setup. */
@NullMarked
package io.deltapress.app.setup;

import org.jspecify.annotations.NullMarked;
