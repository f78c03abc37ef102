package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ShapedSearchTest {

  @Test
  void shouldFindABetaBehindManyThatAreWorseThanPlainDare() throws IOException {
    // Given: a large delta, whose outputs get worse up to a tenth and good behind it
    TwoStageSearch.Measure measure = beta -> beta < .1 ? 40 + beta : 5 + Math.abs(beta - .25);

    // When
    Trials trials = ShapedSearch.tryAll(Goal.SMALLEST, measure);

    // Then
    assertThat(trials.all()).extracting(Trial::value).isEqualTo(ShapedRescale.BETAS);
    assertThat(trials.best().value()).isEqualTo(.25);
  }
}
