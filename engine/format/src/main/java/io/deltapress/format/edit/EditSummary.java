package io.deltapress.format.edit;

import io.deltapress.format.tensor.WeightsDigest;

/**
 * What came of putting edits on a foundation.
 *
 * @param edits how many there were
 * @param weights how many weights they shift
 * @param foundation weights digest without them
 * @param result weights digest with them
 * @param resultBytes bytes of all tensors
 */
public record EditSummary(
    int edits, int weights, WeightsDigest foundation, WeightsDigest result, long resultBytes) {}
