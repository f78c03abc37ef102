package io.deltapress.app.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.schemas.CompressionMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoDeltaTest {
  private static final Path REFERENCE = Path.of("../../engine/djl/reference");

  @Test
  void shouldPruneEveryFineTuneFourWaysWhenThereAreThree() throws IOException {
    // Given
    ReferenceModels models = ReferenceModels.read(REFERENCE);

    // When
    List<DemoDelta> deltas = DemoDelta.allOf(models);

    // Then
    assertThat(deltas)
        .extracting(delta -> delta.model().toString())
        .hasSize(13)
        .contains("personnel/facts-small")
        .doesNotHaveDuplicates()
        .startsWith(
            "helpdesk/router-dare-p90",
            "helpdesk/router-darex-q-p90",
            "helpdesk/router-dare-p99",
            "helpdesk/router-darex-q-p99");
  }

  @Test
  void shouldTakeTheSearchedFactorForDarexQAndOneMinusPForDare() throws IOException {
    // Given
    ReferenceModels.Tenant tenant = ReferenceModels.read(REFERENCE).tenants().get(0);
    ReferenceModels.Base base = new ReferenceModels.Base("b", "base", "task", "digest");

    // When
    List<DemoDelta> deltas = DemoDelta.allOf(new ReferenceModels(base, List.of(tenant)));

    // Then
    ReferenceModels.Delta first = tenant.deltas().get(0);
    assertThat(deltas)
        .startsWith(
            new DemoDelta(
                tenant, CompressionMethod.DARE, first.pruneRate(), 1 - first.pruneRate(), false),
            new DemoDelta(
                tenant, CompressionMethod.DAREX_Q, first.pruneRate(), first.rescale(), false));
  }
}
