package io.deltapress.it;

import org.junit.jupiter.api.extension.ExtendWith;

/** Edits against processes of this machine. */
@ExtendWith(SharedProduct.Forked.class)
final class ForkedEditsIT extends EditScenarios {
  ForkedEditsIT(ProductUnderTest product) {
    super(product);
  }
}
