/** A study of editors: what is left of a model, and of its edits, after a thousand of them. */
@NullMarked
package io.deltapress.djl.study.editing;

import org.jspecify.annotations.NullMarked;
