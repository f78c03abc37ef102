/** Starts the tensor engine and scopes native memory: who owns which array, and for how long. */
@NullMarked
package io.deltapress.djl.memory;

import org.jspecify.annotations.NullMarked;
