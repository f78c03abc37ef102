package io.deltapress.djl.edit;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The methods whose editors are trained. */
public enum EditorMethod {
  /** Each row of signals becomes an outer product (Mitchell et al., 2022). */
  MEND(EditSignals.Tokens.ALL, 0.1),
  /** Rows ask for changes of outputs, least squares gives the shift (Tan et al., 2024). */
  MALMEN(EditSignals.Tokens.LABELLED, 1);

  private final EditSignals.Tokens tokens;
  private final double editWeight;

  EditorMethod(EditSignals.Tokens tokens, double editWeight) {
    this.tokens = tokens;
    this.editWeight = editWeight;
  }

  /** Which tokens of an edit become rows. */
  EditSignals.Tokens tokens() {
    return tokens;
  }

  /**
   * Gives the published weight of edits in the training loss.
   *
   * @return c_e
   */
  public double editWeight() {
    return editWeight;
  }

  /**
   * Names the method as commands and artifacts do.
   *
   * @return lower case
   */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a method by its name.
   *
   * @param wireName as {@link #wireName} gives it
   * @return the method
   * @throws IllegalArgumentException listing all names when there is none of this name
   */
  public static EditorMethod ofWireName(String wireName) {
    for (EditorMethod method : values()) {
      if (method.wireName().equals(wireName)) {
        return method;
      }
    }
    throw new IllegalArgumentException(
        "editor method %s is unknown; choose one of %s"
            .formatted(
                wireName,
                Arrays.stream(values())
                    .map(EditorMethod::wireName)
                    .collect(Collectors.joining(", "))));
  }
}
