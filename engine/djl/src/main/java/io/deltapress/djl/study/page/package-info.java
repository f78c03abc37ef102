/** Puts everything that a study says into its directory. */
@NullMarked
package io.deltapress.djl.study.page;

import org.jspecify.annotations.NullMarked;
