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
  /** Random drop, a factor per layer by the analytic objective; its eta is searched as q_e. */
  DAREX_Q_ANALYTIC("darex-q-analytic", "DAREx-q, analytic", Method.DAREX_Q, Rescaling.ANALYTIC),
  /** Random drop, a factor per layer in its least-squares shape; its beta is searched as q_e. */
  DAREX_Q_SHAPED("darex-q-shaped", "DAREx-q, shaped", Method.DAREX_Q, Rescaling.SHAPED),
  /** Random drop, a factor per layer by gradient descent on the output change. */
  DAREX_Q_GRADIENT("darex-q-gradient", "DAREx-q, gradient", Method.DAREX_Q, Rescaling.GRADIENT),
  /** The smallest deltas of each tensor dropped, nothing rescaled. */
  MAGNITUDE("magnitude", "magnitude", Method.MAGNITUDE, Rescaling.PLAIN),
  /** The smallest deltas times input norms of each output dropped, nothing rescaled. */
  WANDA("wanda", "WANDA", Method.WANDA, Rescaling.PLAIN),
  /** Whole rows and columns dropped at random, divided by 1 - p. */
  STRUCTURAL("structural", "structural", Method.STRUCTURAL, Rescaling.PLAIN),
  /** Whole rows and columns dropped at random, one factor for all chosen as q_e. */
  STRUCTURAL_OUTPUT_CHANGE(
      "structural-q-e", "structural, q_e", Method.STRUCTURAL, Rescaling.OUTPUT_CHANGE);

  /** How the factor q comes about. */
  public enum Rescaling {
    /** The method's own: 1 - p, or 1 where importance decides. */
    PLAIN,
    /** Searched for the best score on labelled validation tasks. */
    VALIDATION,
    /** Searched for the smallest change of the outputs on unlabelled inputs. */
    OUTPUT_CHANGE,
    /** Per layer by the analytic objective. */
    ANALYTIC,
    /** Per layer in the shape that least squares give. */
    SHAPED,
    /** Per layer by gradient descent. */
    GRADIENT
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
    return method != Method.MAGNITUDE && method != Method.WANDA;
  }

  /**
   * Says whether layers have factors of their own.
   *
   * @return true for the ways that find one per layer
   */
  public boolean perLayer() {
    return rescaling == Rescaling.ANALYTIC
        || rescaling == Rescaling.SHAPED
        || rescaling == Rescaling.GRADIENT;
  }
}
