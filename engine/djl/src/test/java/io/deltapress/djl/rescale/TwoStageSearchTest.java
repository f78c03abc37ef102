package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwoStageSearchTest {

  @Test
  void shouldTryWhatThePublishedSearchTries() throws IOException {
    // Given
    TwoStageSearch search = new TwoStageSearch(.01, .2, .05, 1);

    // When
    Trials trials = search.run(Goal.LARGEST, q -> -(q - .073) * (q - .073));

    // Then
    assertThat(values(trials))
        .containsExactly(
            .01, .06, .11, .16, .21, .015, .02, .025, .03, .035, .04, .045, .05, .055, .06, .065,
            .07, .075, .08, .085, .09, .095);
    assertThat(trials.best().value()).isEqualTo(.075);
  }

  @Test
  void shouldNotCountEqualsAsWorse() throws IOException {
    // Given: the first worse value comes after a plateau
    TwoStageSearch search = new TwoStageSearch(.1, 1, .1, 1);

    // When
    Trials trials = search.run(Goal.LARGEST, q -> q < .55 ? 1 : 0);

    // Then: five equals, then four that are worse; the answer is the lowest of the plateau
    assertThat(values(trials).subList(0, 9)).containsExactly(.1, .2, .3, .4, .5, .6, .7, .8, .9);
    assertThat(trials.best().value()).isEqualTo(.1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {.001, .1, .5, .8, .9, .95, .99, .999})
  void shouldStayBetweenTheKeepRateAndOne(double pruneRate) throws IOException {
    // When: each end of the range in turn is best
    List<Double> low = values(TwoStageSearch.forRescale(pruneRate).run(Goal.LARGEST, q -> -q));
    List<Double> high = values(TwoStageSearch.forRescale(pruneRate).run(Goal.LARGEST, q -> q));

    // Then
    double keepRate = RandomDrop.keepRate(pruneRate);
    assertThat(low).allSatisfy(q -> assertThat(q).isBetween(keepRate, 1.0));
    assertThat(high).allSatisfy(q -> assertThat(q).isBetween(keepRate, 1.0));
    assertThat(low.get(0)).isEqualTo(keepRate);
    assertThat(high.stream().max(Double::compare).orElseThrow())
        .isGreaterThanOrEqualTo(Math.min(1, 10 * keepRate) - 1e-9);
  }

  @Test
  void shouldTakeNothingForWorseThanSomething() throws IOException {
    // When: a model whose logits overflowed gives NaN
    Trials trials =
        new TwoStageSearch(.1, .5, .1, 1).run(Goal.LARGEST, q -> q < .25 ? Double.NaN : -q);

    // Then
    assertThat(trials.best().value()).isEqualTo(.25, within(.06));
    assertThat(trials.best().figure()).isNotNaN();
  }

  private static List<Double> values(Trials trials) {
    return DoubleStream.of(trials.all().stream().mapToDouble(Trial::value).toArray())
        .boxed()
        .toList();
  }
}
