package io.deltapress.it;

import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/** Edits against the published broker and registry images. */
@EnabledIf(
    value = "io.deltapress.it.ContainerCluster#engineAnswers",
    disabledReason = "no container engine answers on this machine")
@ExtendWith(SharedProduct.InContainers.class)
final class ContainerEditsIT extends EditScenarios {
  ContainerEditsIT(ProductUnderTest product) {
    super(product);
  }
}
