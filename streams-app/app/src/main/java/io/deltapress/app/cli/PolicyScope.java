package io.deltapress.app.cli;

import io.deltapress.app.domain.PolicyRules;

/** The scope of a policy, as an argument. */
final class PolicyScope {
  private PolicyScope() {}

  static void require(String scope) {
    if (!PolicyRules.isScope(scope)) {
      throw new UsageException(
          "--scope %s is none: use *, a tenant, or TENANT/MODEL".formatted(Printable.of(scope)));
    }
  }
}
