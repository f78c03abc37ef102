package io.deltapress.djl.study;

import java.util.List;

/**
 * What makes a cell of the study the same cell: equal keys give equal figures.
 *
 * @param fineTune name of the fine-tune
 * @param weightsDigest digest of its weights
 * @param technique what prunes it
 * @param pruneRate the prune rate p
 * @param seeds of the masks; empty where nothing is drawn
 * @param sample how many tasks are asked and looked at
 */
public record CellKey(
    String fineTune,
    String weightsDigest,
    Technique technique,
    double pruneRate,
    List<Long> seeds,
    SampleSizes sample) {

  /** Makes the list unmodifiable. */
  public CellKey {
    seeds = List.copyOf(seeds);
  }
}
