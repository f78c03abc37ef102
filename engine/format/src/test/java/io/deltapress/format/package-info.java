/** Specifications of the failures and files that all of the format shares. */
@NullMarked
package io.deltapress.format;

import org.jspecify.annotations.NullMarked;
