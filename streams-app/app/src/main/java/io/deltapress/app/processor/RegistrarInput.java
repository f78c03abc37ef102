package io.deltapress.app.processor;

import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.WorkResult;

/** What reaches the registrar of bases, by two ways. */
public sealed interface RegistrarInput {
  /** A record of the bases topic: somebody's registration or a verdict of ours. */
  record Registered(BaseRegistration registration) implements RegistrarInput {}

  /** The answer to the check of a base. */
  record Answered(WorkResult result) implements RegistrarInput {}
}
