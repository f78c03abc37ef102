package io.deltapress.djl.study;

/**
 * The smallest artifact that is as good as the fine-tune, within a point of the validation score.
 *
 * @param key whose artifact, made how
 * @param found whether there is one on the ladder; if not, the figures are of its lowest rung
 * @param pruneRate the prune rate p
 * @param rescale the factor q
 * @param bytes of the artifact's one file, with the first of the seeds
 * @param headerBytes of these, what safetensors needs to name the tensors: fixed, however large the
 *     tensors are
 * @param ratio bytes of the fine-tune's tensors divided by those of the file
 * @param validation mean score on the validation tasks over the seeds, by which it was chosen
 * @param test scores on the test tasks over the seeds
 * @param testDrop unpruned test score minus the mean of these
 */
public record SizeRow(
    SizeKey key,
    boolean found,
    double pruneRate,
    double rescale,
    long bytes,
    long headerBytes,
    double ratio,
    double validation,
    Summary test,
    double testDrop) {

  /** A drop of the score that counts as none. */
  public static final double ONE_POINT = 0.01;

  /**
   * Says whether the test bears out what the validation promised.
   *
   * @return whether the test score dropped by a point at most
   */
  public boolean holdsOnTest() {
    return found && testDrop <= ONE_POINT + ROUNDING;
  }

  /**
   * Says what the ratio would be of tensors so large that their names do not count.
   *
   * @return as {@link #ratio}, of what remains of the file without its header
   */
  public double ratioWithoutHeader() {
    return ratio * bytes / (bytes - headerBytes);
  }

  /** Far below what one task of any test counts for. */
  static final double ROUNDING = 1e-9;
}
