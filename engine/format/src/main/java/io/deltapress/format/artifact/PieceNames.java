package io.deltapress.format.artifact;

/**
 * What the tensors of an artifact file are called: the part they play, a slash, and the name of the
 * tensor they belong to, which may itself contain slashes.
 */
final class PieceNames {
  static final String VALUES = "values/";
  static final String SCALES = "scales/";
  static final String MASK = "mask/";
  static final String WHOLE = "whole/";

  /** Longest name of a tensor that leaves room for one of these within 4096 characters. */
  static final int MAX_TENSOR_NAME_CHARACTERS = 4096 - VALUES.length();

  private PieceNames() {}
}
