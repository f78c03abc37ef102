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
 */
record DemoDelta(
    ReferenceModels.Tenant source, CompressionMethod method, double pruneRate, double rescale) {

  /** Every fine-tune at every prune rate with DARE and with DAREx-q, each as a model of its own. */
  static List<DemoDelta> allOf(ReferenceModels models) {
    List<DemoDelta> deltas = new ArrayList<>();
    for (ReferenceModels.Tenant tenant : models.tenants()) {
      for (ReferenceModels.Delta delta : tenant.deltas()) {
        double p = delta.pruneRate();
        deltas.add(new DemoDelta(tenant, CompressionMethod.DARE, p, 1 - p));
        deltas.add(new DemoDelta(tenant, CompressionMethod.DAREX_Q, p, delta.rescale()));
      }
    }
    return deltas;
  }

  /** What it is served as, such as {@code helpdesk/router-darex-q-p99}. */
  ModelKey model() {
    return new ModelKey(
        source.tenant(),
        "%s-%s-p%d".formatted(source.model(), methodName(), Math.round(100 * pruneRate)));
  }

  /** Name of the method, as on the command line. */
  String methodName() {
    return method == CompressionMethod.DAREX_Q ? "darex-q" : "dare";
  }
}
