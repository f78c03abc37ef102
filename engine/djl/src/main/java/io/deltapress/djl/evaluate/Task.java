package io.deltapress.djl.evaluate;

/**
 * One question of a task file and the answer that counts as right.
 *
 * @param prompt what the model is given, not blank
 * @param answer what it should continue with, not blank
 */
public record Task(String prompt, String answer) {

  /** Checks that there is something to ask and to answer. */
  public Task {
    if (prompt.isBlank()) {
      throw new IllegalArgumentException("prompt is blank");
    }
    if (answer.isBlank()) {
      throw new IllegalArgumentException("answer is blank");
    }
  }
}
