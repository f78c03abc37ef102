package io.deltapress.app.domain;

import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;

/**
 * One rung of a ladder: how to compress.
 *
 * @param pruneRate prune rate p
 * @param rescale rescale factor q; of a rung that is fitted, what holds until it is
 * @param strategy how q is found
 */
public record Rung(
    CompressionMethod method,
    double pruneRate,
    double rescale,
    RescaleStrategy strategy,
    ValueCode values) {

  /** Whether q has to be fitted. With nothing dropped there is nothing to make up for. */
  boolean needsFit() {
    return strategy != RescaleStrategy.GIVEN && pruneRate > 0;
  }

  Rung fitted(double factor) {
    return new Rung(method, pruneRate, factor, strategy, values);
  }
}
