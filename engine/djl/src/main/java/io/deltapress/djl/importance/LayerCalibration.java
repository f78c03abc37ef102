package io.deltapress.djl.importance;

import io.deltapress.djl.model.LinearLayer;

/**
 * What went into a linear layer during calibration, and what a delta made of it.
 *
 * @param layer which one
 * @param tokens how many inputs were seen
 * @param meanInputs signed mean of each input, one per input of the layer
 * @param inputNorms L2 norm of each input over all tokens (WANDA), one per input of the layer
 * @param squaredSums S^2 added up over tokens and outputs, where S is what the whole delta, that of
 *     the bias included, adds to an output
 * @param squares Q added up over tokens and outputs, where Q is the sum of the squares of the
 *     products that make up S
 */
public record LayerCalibration(
    LinearLayer layer,
    long tokens,
    double[] meanInputs,
    double[] inputNorms,
    double squaredSums,
    double squares) {}
