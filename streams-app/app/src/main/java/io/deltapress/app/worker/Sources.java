package io.deltapress.app.worker;

import java.util.List;
import java.util.Map;

/**
 * Where this worker reads weights: bases below {@code bases.roots}, the fine-tunes of a tenant
 * below {@code sources.<tenant>.roots}. A tenant without roots may have nothing read.
 */
public final class Sources {
  private final SourceRoots bases;
  private final Map<String, SourceRoots> tenants;

  Sources(SourceRoots bases, Map<String, SourceRoots> tenants) {
    this.bases = bases;
    this.tenants = Map.copyOf(tenants);
  }

  /** The roots of bases, shared by all tenants. */
  public SourceRoots bases() {
    return bases;
  }

  /** The roots of one tenant; without any, they refuse every location and name the setting. */
  public SourceRoots ofTenant(String tenant) {
    SourceRoots roots = tenants.get(tenant);
    return roots == null ? SourceRoots.of("sources." + tenant + ".roots", List.of()) : roots;
  }
}
