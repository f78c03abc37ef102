package io.deltapress.djl.train;

import java.nio.file.Path;

/**
 * What a finished training left.
 *
 * @param model the directory with the model, or with the adapter of one
 * @param weightsDigest digest of its weights; depends on the seed, the number of threads and the
 *     kind of processor
 * @param steps optimizer steps, those before a resumption included
 * @param finalLoss loss of the last batch
 * @param seconds wall-clock time of this run
 * @param threads threads per tensor operation
 */
public record TrainingReport(
    Path model, String weightsDigest, int steps, double finalLoss, double seconds, int threads) {}
