/**
 * Transformers of five families: configuration, weights, tokens, forward pass, and greedy
 * generation for those that continue text.
 */
@NullMarked
package io.deltapress.djl.model;

import org.jspecify.annotations.NullMarked;
