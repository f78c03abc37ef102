package io.deltapress.app.domain;

/** Who may be named where. */
@FunctionalInterface
public interface TenantRule {
  /** Whether a record of that topic may name that tenant. */
  boolean allows(String tenant, String topic);
}
