package io.deltapress.djl.study;

/**
 * What one artifact was measured to do.
 *
 * @param seed of its masks; 0 where nothing is drawn
 * @param score of the model with the artifact applied, on the test tasks, 0 to 1
 * @param outputChange how far its outputs are from the unpruned fine-tune's on the calibration
 *     batch, not negative; see {@link io.deltapress.djl.rescale.OutputChange}
 * @param bytes of the artifact's one file
 */
public record Measurement(long seed, double score, double outputChange, long bytes) {}
