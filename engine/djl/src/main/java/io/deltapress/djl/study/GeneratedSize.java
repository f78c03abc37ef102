package io.deltapress.djl.study;

import io.deltapress.format.artifact.ValueCode;

/**
 * Size of an artifact of made-up weights, which says nothing about quality.
 *
 * @param parameters elements of the pair
 * @param denseBytes bytes of the fine-tune's tensors
 * @param pruneRate the prune rate p
 * @param values how kept values are written
 * @param bytes of the artifact's one file
 * @param ratio dense bytes divided by these
 */
public record GeneratedSize(
    long parameters,
    long denseBytes,
    double pruneRate,
    ValueCode values,
    long bytes,
    double ratio) {}
