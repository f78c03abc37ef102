package io.deltapress.djl.study.editing;

import com.fasterxml.jackson.annotation.JsonValue;

/** Ways of editing that a study compares. */
public enum EditingMethod {
  /** The naive peer. */
  FINE_TUNING("fine-tuning"),
  /** Mitchell et al., 2022. */
  MEND("mend"),
  /** Tan et al., 2024. */
  MALMEN("malmen"),
  /** Gu et al., 2026. */
  ULTRAEDIT("ultraedit"),
  /** Descent whitened by preserved keys, each batch on the model as edited before. */
  WHITENED("whitened"),
  /** The same, all edits so far computed anew as one batch on the model without edits. */
  WHITENED_REFITTED("whitened-refitted");

  private final String wireName;

  EditingMethod(String wireName) {
    this.wireName = wireName;
  }

  /**
   * Gives the name that tables and files use.
   *
   * @return lower case, with hyphens
   */
  @JsonValue
  public String wireName() {
    return wireName;
  }

  /**
   * Says whether the study has to train an editor.
   *
   * @return true for MALMEN; an editor for MEND ships with the reference models
   */
  public boolean isTrained() {
    return this == MALMEN;
  }

  /**
   * Says whether all edits are computed anew at each count.
   *
   * @return true if batches do not matter
   */
  public boolean isRefitted() {
    return this == WHITENED_REFITTED;
  }
}
