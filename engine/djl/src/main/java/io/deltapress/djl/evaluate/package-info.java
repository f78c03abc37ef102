/** Measures how often a model gives the expected answers of a task file. */
@NullMarked
package io.deltapress.djl.evaluate;

import org.jspecify.annotations.NullMarked;
