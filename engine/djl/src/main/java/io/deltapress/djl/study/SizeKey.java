package io.deltapress.djl.study;

import io.deltapress.format.artifact.ValueCode;
import java.util.List;

/**
 * What makes a row of the size table the same row.
 *
 * @param fineTune name of the fine-tune
 * @param weightsDigest digest of its weights
 * @param technique what prunes it
 * @param values how kept values are written
 * @param ladder prune rates that were on offer, ascending
 * @param seeds of the masks
 * @param sample how many tasks are used
 */
public record SizeKey(
    String fineTune,
    String weightsDigest,
    Technique technique,
    ValueCode values,
    List<Double> ladder,
    List<Long> seeds,
    SampleSizes sample) {

  /** Makes the lists unmodifiable. */
  public SizeKey {
    ladder = List.copyOf(ladder);
    seeds = List.copyOf(seeds);
  }
}
