/** Edits as low-rank shifts of weights, and what a foundation becomes with a list of them. */
@NullMarked
package io.deltapress.format.edit;

import org.jspecify.annotations.NullMarked;
