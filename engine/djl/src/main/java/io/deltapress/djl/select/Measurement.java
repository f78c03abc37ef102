package io.deltapress.djl.select;

import io.deltapress.djl.rescale.RescaleFit;
import io.deltapress.format.artifact.RescaleFactors;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate's artifact does.
 *
 * @param candidate the way to prune
 * @param factors its rescale factors
 * @param fit how those were found; null where they are the method's own
 * @param figure what was measured of the base with the artifact put on
 * @param bytes length of the artifact as one file
 */
public record Measurement(
    Candidate candidate,
    RescaleFactors factors,
    @Nullable RescaleFit fit,
    double figure,
    long bytes) {}
