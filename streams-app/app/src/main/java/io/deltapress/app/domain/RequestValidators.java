package io.deltapress.app.domain;

/** What decides whether requests are right in themselves, one for each kind. */
public record RequestValidators(
    SubmissionValidator deltas, EditValidator edits, ControlValidator controls) {

  /** Those that hold requests to one rule about tenants. */
  public static RequestValidators of(TenantRule tenantRule) {
    return new RequestValidators(
        new SubmissionValidator(tenantRule),
        new EditValidator(tenantRule),
        new ControlValidator(tenantRule));
  }
}
