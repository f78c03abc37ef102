package io.deltapress.djl.evaluate;

/** Running totals of an evaluation. */
final class AnswerCounts {

  private int tasks;
  private int exact;
  private long tokens;
  private long rightTokens;

  /** Adds one task: how many of its answer tokens were right, out of how many. */
  void add(int right, int outOf) {
    tasks++;
    exact += right == outOf ? 1 : 0;
    tokens += outOf;
    rightTokens += right;
  }

  int tasks() {
    return tasks;
  }

  Evaluation toEvaluation(double seconds) {
    return new Evaluation((double) exact / tasks, (double) rightTokens / tokens, tasks, seconds);
  }
}
