/** Compares the format's own kernels with the same work done by tensor operations. */
@NullMarked
package io.deltapress.djl.benchmark;

import org.jspecify.annotations.NullMarked;
