package io.deltapress.app.domain;

import io.deltapress.schemas.ReasonCode;

/**
 * Why a request is not carried out.
 *
 * @param message one line: what, where, what to do
 */
public record Refusal(ReasonCode reason, String message) {
  static Refusal invalid(String message) {
    return new Refusal(ReasonCode.INVALID_REQUEST, message);
  }
}
