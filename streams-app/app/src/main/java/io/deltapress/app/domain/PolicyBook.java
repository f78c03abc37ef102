package io.deltapress.app.domain;

import java.util.Optional;
import java.util.stream.Stream;

/** Finds the policy that covers a model: the most specific one holds as a whole. */
final class PolicyBook {
  private final PlanningLedger ledger;

  PolicyBook(PlanningLedger ledger) {
    this.ledger = ledger;
  }

  Optional<GatePolicy> covering(DeltaRequest request) {
    return covering(request.tenant(), request.modelKey());
  }

  Optional<GatePolicy> covering(ModelState model) {
    return covering(model.tenant(), model.key());
  }

  private Optional<GatePolicy> covering(String tenant, String modelKey) {
    return Stream.of(modelKey, tenant, GatePolicy.EVERYTHING)
        .map(ledger::policy)
        .flatMap(Optional::stream)
        .findFirst();
  }
}
