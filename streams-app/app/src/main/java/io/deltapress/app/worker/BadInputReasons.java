package io.deltapress.app.worker;

import io.deltapress.format.BadInputException;
import io.deltapress.schemas.ReasonCode;

/** Gives what the format says about an input the code that goes on the wire. */
final class BadInputReasons {
  private BadInputReasons() {}

  static ReasonCode of(BadInputException bad) {
    return ReasonCode.UNREADABLE_WEIGHTS;
  }
}
