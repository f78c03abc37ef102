/** Llama-family models: configuration, weights, tokens, forward pass and greedy generation. */
@NullMarked
package io.deltapress.djl.model;

import org.jspecify.annotations.NullMarked;
