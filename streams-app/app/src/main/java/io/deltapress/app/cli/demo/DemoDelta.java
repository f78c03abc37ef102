package io.deltapress.app.cli.demo;

import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.topic.ModelKey;
import java.util.ArrayList;
import java.util.List;

/**
 * One submission of the demo.
 *
 * @param source whose fine-tune it is
 * @param method how it is pruned
 * @param pruneRate prune rate p
 * @param rescale rescale factor q
 * @param gated whether all of that is left to the tenant's policy
 */
record DemoDelta(
    ReferenceModels.Tenant source,
    CompressionMethod method,
    double pruneRate,
    double rescale,
    boolean gated) {
  /** The tenant with a policy: memorised facts, which p = 0.99 ruins. */
  private static final String GATED_TENANT = "personnel";

  private static final double HIGHEST_RUNG = 0.99;

  /**
   * Every fine-tune at every prune rate with DARE and with DAREx-q, each as a model of its own, and
   * one that is left to a policy.
   */
  static List<DemoDelta> allOf(ReferenceModels models) {
    List<DemoDelta> deltas = new ArrayList<>();
    for (ReferenceModels.Tenant tenant : models.tenants()) {
      for (ReferenceModels.Delta delta : tenant.deltas()) {
        double p = delta.pruneRate();
        deltas.add(new DemoDelta(tenant, CompressionMethod.DARE, p, 1 - p, false));
        deltas.add(new DemoDelta(tenant, CompressionMethod.DAREX_Q, p, delta.rescale(), false));
      }
      if (tenant.tenant().equals(GATED_TENANT)) {
        deltas.add(
            new DemoDelta(tenant, CompressionMethod.DARE, HIGHEST_RUNG, 1 - HIGHEST_RUNG, true));
      }
    }
    return deltas;
  }

  /** The deltas of that list that are left to a policy. */
  static List<DemoDelta> gated(List<DemoDelta> deltas) {
    return deltas.stream().filter(DemoDelta::gated).toList();
  }

  /** What it is served as, such as {@code helpdesk/router-darex-q-p99}. */
  ModelKey model() {
    if (gated) {
      return new ModelKey(source.tenant(), source.model());
    }
    return new ModelKey(
        source.tenant(), source.model() + "-" + methodName() + "-p" + Math.round(100 * pruneRate));
  }

  /** Name of the method, as on the command line, or that the policy chooses. */
  String methodName() {
    if (gated) {
      return "policy";
    }
    return method == CompressionMethod.DAREX_Q ? "darex-q" : "dare";
  }
}
