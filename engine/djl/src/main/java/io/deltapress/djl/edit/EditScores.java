package io.deltapress.djl.edit;

import org.jspecify.annotations.Nullable;

/**
 * How a model does on one request, as fractions from 0 to 1 of prompts whose whole answer is right.
 *
 * @param rewriteAccuracy of the prompt itself: 0 or 1
 * @param rephraseAccuracy of the rephrasings; null if there are none
 * @param locality of the prompts that the edit must not change; null if there are none
 * @param portability of the prompts whose answers follow from the edit; null if there are none
 */
public record EditScores(
    double rewriteAccuracy,
    @Nullable Double rephraseAccuracy,
    @Nullable Double locality,
    @Nullable Double portability) {}
