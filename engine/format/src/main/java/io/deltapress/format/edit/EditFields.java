package io.deltapress.format.edit;

/** What the fields and tensors of an edit artifact are called. */
final class EditFields {
  static final String FORMAT_NAME = "deltapress-edit";

  static final String PARENT = "parent";
  static final String EDIT = "edit";
  static final String METHOD = "method";

  /** Prefix of the metadata fields that describe a weight each. */
  static final String WEIGHT = "tensor/";

  /** Prefix of the metadata fields that hold a note each. */
  static final String NOTE = "note/";

  /** Prefix of the tensors A. */
  static final String INPUT_FACTOR = "a/";

  /** Prefix of the tensors B. */
  static final String OUTPUT_FACTOR = "b/";

  /** Prefix of the tensors of keys, which a weight may have. */
  static final String KEYS = "k/";

  /** Longest name of a weight, as in delta artifacts, so that any weight can be folded. */
  static final int MAX_WEIGHT_NAME_CHARACTERS = 4089;

  private EditFields() {}
}
