package io.deltapress.djl.study;

import com.fasterxml.jackson.annotation.JsonValue;
import io.deltapress.format.artifact.Method;

/** What a study compares: a way to prune together with a way to find what it rescales by. */
public enum Technique {
  /** Random drop, divided by 1 - p. */
  DARE("dare", "DARE", Method.DARE, Rescaling.PLAIN),
  /** Random drop, one factor for all, chosen by the score on labelled validation tasks. */
  DAREX_Q_VALIDATION("darex-q-v", "DAREx-q, q_v", Method.DAREX_Q, Rescaling.VALIDATION),
  /** Random drop, one factor for all, chosen by the output change on unlabelled inputs. */
  DAREX_Q_OUTPUT_CHANGE("darex-q-e", "DAREx-q, q_e", Method.DAREX_Q, Rescaling.OUTPUT_CHANGE),
  /** The smallest deltas of each tensor dropped, nothing rescaled. */
  MAGNITUDE("magnitude", "magnitude", Method.MAGNITUDE, Rescaling.PLAIN);

  /** How the factor q comes about. */
  public enum Rescaling {
    /** The method's own: 1 - p, or 1 where importance decides. */
    PLAIN,
    /** Searched for the best score on labelled validation tasks. */
    VALIDATION,
    /** Searched for the smallest change of the outputs on unlabelled inputs. */
    OUTPUT_CHANGE
  }

  private final String wireName;
  private final String label;
  private final Method method;
  private final Rescaling rescaling;

  Technique(String wireName, String label, Method method, Rescaling rescaling) {
    this.wireName = wireName;
    this.label = label;
    this.method = method;
    this.rescaling = rescaling;
  }

  /**
   * Gives the name in files.
   *
   * @return lower case, without blanks
   */
  @JsonValue
  public String wireName() {
    return wireName;
  }

  /**
   * Gives the name that people read.
   *
   * @return a few words
   */
  public String label() {
    return label;
  }

  /**
   * Gives the artifact's method.
   *
   * @return how the delta is pruned
   */
  public Method method() {
    return method;
  }

  /**
   * Says how the factor comes about.
   *
   * @return the way
   */
  public Rescaling rescaling() {
    return rescaling;
  }

  /**
   * Says whether the seed of the mask matters, so that several are worth measuring.
   *
   * @return false when importance decides what is dropped
   */
  public boolean drawn() {
    return method == Method.DARE || method == Method.DAREX_Q;
  }
}
