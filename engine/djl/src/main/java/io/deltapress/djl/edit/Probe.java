package io.deltapress.djl.edit;

import org.jspecify.annotations.Nullable;

/**
 * A prompt beside an edit's own, to see what the edit did there.
 *
 * @param prompt what the model is asked, not blank
 * @param answer what counts as right; null for whatever the model said before the edit
 */
public record Probe(String prompt, @Nullable String answer) {

  /** Checks that there is something to ask. */
  public Probe {
    if (prompt.isBlank()) {
      throw new IllegalArgumentException("the prompt of a probe is blank");
    }
    if (answer != null && answer.isBlank()) {
      throw new IllegalArgumentException("the answer of a probe is blank");
    }
  }

  /**
   * Asks whether the model still says what it said.
   *
   * @param prompt what the model is asked, not blank
   * @return a probe without an answer of its own
   */
  public static Probe of(String prompt) {
    return new Probe(prompt, null);
  }
}
