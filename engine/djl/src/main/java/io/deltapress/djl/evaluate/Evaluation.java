package io.deltapress.djl.evaluate;

/**
 * How a model did on a task file.
 *
 * @param exactMatch fraction of answers right to the last token and ended there, 0 to 1
 * @param tokenAccuracy fraction of answer tokens (the end token included) right, 0 to 1, each
 *     predicted from the right tokens before it
 * @param examples number of tasks
 * @param seconds wall-clock time
 */
public record Evaluation(double exactMatch, double tokenAccuracy, int examples, double seconds) {}
