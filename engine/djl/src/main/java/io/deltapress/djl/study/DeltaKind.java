package io.deltapress.djl.study;

import com.fasterxml.jackson.annotation.JsonValue;

/** What is special about the delta of a fine-tune. */
public enum DeltaKind {
  /** Plain fine-tuning at a gentle learning rate. */
  SMALL("small"),
  /** Plain fine-tuning whose weights moved several times as far. */
  LARGE("large"),
  /** Fine-tuned with a pull toward the base, by squares (DAREx-L2). */
  L2("l2"),
  /** Fine-tuned with a pull toward the base, by absolute values (DAREx-L1). */
  L1("l1"),
  /** A product of two thin matrices, merged. */
  LORA("lora"),
  /** A classifier on an encoder, all of whose weights were trained. */
  ENCODER("encoder");

  private final String wireName;

  DeltaKind(String wireName) {
    this.wireName = wireName;
  }

  /**
   * Gives the name in files.
   *
   * @return lower case
   */
  @JsonValue
  public String wireName() {
    return wireName;
  }
}
