/** Trains a base and fine-tunes it: reproducible to the bit, and resumable at any checkpoint. */
@NullMarked
package io.deltapress.djl.train;

import org.jspecify.annotations.NullMarked;
