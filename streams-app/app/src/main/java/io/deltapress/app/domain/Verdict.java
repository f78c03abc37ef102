package io.deltapress.app.domain;

import io.deltapress.schemas.ReasonCode;

/** What a validator says. */
public sealed interface Verdict {
  /** The submission may be planned. */
  record Valid(DeltaRequest request) implements Verdict {}

  /**
   * The submission is wrong in itself.
   *
   * @param message one line: what, where, what to do
   */
  record Invalid(ReasonCode reason, String message) implements Verdict {
    static Invalid duplicate(String message) {
      return new Invalid(ReasonCode.DUPLICATE_SUBMISSION, message);
    }
  }
}
