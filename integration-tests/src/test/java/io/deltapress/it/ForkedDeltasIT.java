package io.deltapress.it;

import org.junit.jupiter.api.extension.ExtendWith;

/** Deltas against processes of this machine. */
@ExtendWith(SharedProduct.Forked.class)
final class ForkedDeltasIT extends DeltaScenarios {
  ForkedDeltasIT(ProductUnderTest product) {
    super(product);
  }
}
