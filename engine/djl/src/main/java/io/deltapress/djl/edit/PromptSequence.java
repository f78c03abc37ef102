package io.deltapress.djl.edit;

import java.util.Arrays;

/**
 * A prompt with its answer as a model sees it, and what it is to say where.
 *
 * @param ids tokens of prompt and answer; of a classifier those of the text
 * @param segments segment of each token
 * @param firstLabel index of the token whose output is to be the first label
 * @param labels right outputs from there on, one per token: of a language model the tokens of the
 *     answer, and the end token if the model ends answers; of a classifier the one label
 */
record PromptSequence(long[] ids, long[] segments, int firstLabel, long[] labels) {

  /** The same with one label more. */
  PromptSequence endedBy(long endToken) {
    long[] longer = Arrays.copyOf(labels, labels.length + 1);
    longer[labels.length] = endToken;
    return new PromptSequence(ids, segments, firstLabel, longer);
  }

  /** Whether the output of a token is to be a label. */
  boolean isLabelled(int token) {
    return token >= firstLabel && token < firstLabel + labels.length;
  }
}
