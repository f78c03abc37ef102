package io.deltapress.app.domain;

import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.RescaleStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which rungs a delta may try, in order. What a submission asks for itself comes first; below it
 * come the policy's lower prune rates, with the submission's own method.
 */
final class Ladder {
  private Ladder() {}

  static List<Rung> of(DeltaRequest request, Optional<GatePolicy> policy) {
    List<Rung> rungs = new ArrayList<>();
    if (!request.usePolicy()) {
      rungs.add(
          new Rung(
              request.method(),
              request.pruneRate(),
              request.rescale(),
              RescaleStrategy.GIVEN,
              request.values()));
    }
    policy.ifPresent(found -> rungs.addAll(ofPolicy(request, found)));
    return rungs;
  }

  private static List<Rung> ofPolicy(DeltaRequest request, GatePolicy policy) {
    CompressionMethod method = request.usePolicy() ? policy.method() : request.method();
    RescaleStrategy strategy = method == policy.method() ? policy.rescale() : RescaleStrategy.GIVEN;
    return policy.pruneRates().stream()
        .filter(rate -> request.usePolicy() || rate < request.pruneRate())
        .map(
            rate ->
                new Rung(
                    method,
                    rate,
                    RescaleRule.ofMethod(method, rate),
                    strategy,
                    request.usePolicy() ? policy.values() : request.values()))
        .toList();
  }
}
