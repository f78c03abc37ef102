package io.deltapress.djl.train;

/**
 * How far training has come.
 *
 * @param step steps done
 * @param steps steps to do
 * @param loss weighted cross-entropy of the last batch, in nats per token
 * @param tokensPerSecond since the training started or resumed, filling included
 */
public record TrainingProgress(int step, int steps, double loss, double tokensPerSecond) {}
