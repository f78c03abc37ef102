package io.deltapress.djl.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.rescale.Goal;
import io.deltapress.djl.rescale.TinyPair;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoArraysLeft.class)
class MethodSelectorTest {

  private static final double PRUNE_RATE = .9;

  @TempDir private Path directory;

  /** A few large deltas among many that are 0: magnitude keeps all of them and changes nothing. */
  @Test
  void shouldChooseByMagnitudeWhereAFewLargeDeltasAreAllThereIs() throws IOException {
    // Given
    TinyPair pair =
        TinyPair.write(
            directory, random -> random.nextGaussian() > 1.8 ? .3 * random.nextGaussian() : 0);

    // When
    Selection selection = select(pair);

    // Then
    assertThat(selection.chosen().candidate().method()).isEqualTo(Method.MAGNITUDE);
    assertThat(selection.chosen().figure()).isCloseTo(0, within(1e-9));
    assertThat(selection.delta().isLarge()).isTrue();
    assertThat(selection.reason())
        .startsWith("magnitude has the smallest top-5 logit error, ")
        .endsWith(
            "so the published flow expects importance to win, which the measurement confirms");
    requireBest(selection);
  }

  /** A small delta of many equal parts in one direction, which no few elements stand for. */
  @Test
  void shouldDropAtRandomWhereEveryDeltaCountsAlike() throws IOException {
    // Given
    TinyPair pair = TinyPair.writeAligned(directory, random -> .003 + 1e-5 * random.nextGaussian());

    // When
    Selection selection = select(pair);

    // Then
    assertThat(selection.chosen().candidate().isRandom()).as(selection.json().toString()).isTrue();
    assertThat(selection.delta().isLarge()).isFalse();
    requireBest(selection);
  }

  private Selection select(TinyPair pair) throws IOException {
    SelectionRequest request =
        new SelectionRequest(
            PRUNE_RATE, 3, ValueCode.EXACT, List.of(), List.of(), pair.calibration(), null);
    return new MethodSelector(new DigestCache(directory.resolve("cache")))
        .select(pair.base(), pair.fineTuned(), request, SelectionListener.none());
  }

  private static void requireBest(Selection selection) {
    assertThat(selection.goal()).isEqualTo(Goal.SMALLEST);
    assertThat(selection.measurements().stream().map(Measurement::candidate))
        .containsExactlyElementsOf(Candidate.ALL);
    Measurement best =
        selection.measurements().stream()
            .min(Comparator.comparingDouble(Measurement::figure))
            .orElseThrow();
    assertThat(selection.chosen()).isEqualTo(best);
    JsonNode json = selection.json();
    assertThat(json.path("chosen").textValue()).isEqualTo(best.candidate().label());
    assertThat(json.path("candidates")).hasSize(Candidate.ALL.size());
    assertThat(json.path("candidates").get(1).path("rescaleBy").textValue()).isEqualTo("global");
    assertThat(json.path("reason").textValue()).isEqualTo(selection.reason());
  }

  @Test
  void shouldTakeTheFirstOfEqualsAndTheLargestOfScores() {
    // Given
    List<Measurement> measurements =
        List.of(measured(0, .5), measured(1, .9), measured(2, .9), measured(3, Double.NaN));

    // When
    Selection selection =
        new Selection(.9, new DeltaSize(.001, .1), "accuracy", Goal.LARGEST, measurements);

    // Then
    assertThat(selection.chosen()).isEqualTo(measurements.get(1));
    assertThat(selection.reason())
        .isEqualTo(
            "darex-q, q global has the largest accuracy, 0.9000; mean |d| is 0.00100 (0.100 of the"
                + " weights), so the published flow expects random drop to win, which the"
                + " measurement confirms");
  }

  private static Measurement measured(int candidate, double figure) {
    return new Measurement(Candidate.ALL.get(candidate), RescaleFactors.of(.1), null, figure, 100);
  }
}
