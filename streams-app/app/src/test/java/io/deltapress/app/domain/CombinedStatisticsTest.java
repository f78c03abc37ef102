package io.deltapress.app.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.schemas.DeltaStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class CombinedStatisticsTest {
  private static DeltaStatistics statistics(List<Double> boxed) {
    double[] values = boxed.stream().mapToDouble(Double::doubleValue).toArray();
    double mean = Arrays.stream(values).average().orElse(0);
    return DeltaStatistics.newBuilder()
        .setCount(values.length)
        .setMean(mean)
        .setMeanAbsolute(Arrays.stream(values).map(Math::abs).average().orElse(0))
        .setVariance(Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElse(0))
        .setMaxAbsolute(Arrays.stream(values).map(Math::abs).max().orElse(0))
        .setUnchanged(Arrays.stream(values).filter(x -> x == 0).count())
        .build();
  }

  @Property(tries = 200)
  void shouldEqualTheStatisticsOfTheWholeWhenPartsAreCombined(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -10, max = 10) Double> values,
      @ForAll @Size(max = 50) List<@DoubleRange(min = -10, max = 10) Double> more) {
    // Given
    List<Double> all = new ArrayList<>(values);
    all.addAll(more);

    // When
    DeltaStatistics combined = CombinedStatistics.of(List.of(statistics(values), statistics(more)));

    // Then
    DeltaStatistics whole = statistics(all);
    assertThat(combined.getCount()).isEqualTo(whole.getCount());
    assertThat(combined.getUnchanged()).isEqualTo(whole.getUnchanged());
    assertThat(combined.getMaxAbsolute()).isEqualTo(whole.getMaxAbsolute());
    assertThat(combined.getMean()).isCloseTo(whole.getMean(), within(1e-12));
    assertThat(combined.getMeanAbsolute()).isCloseTo(whole.getMeanAbsolute(), within(1e-12));
    assertThat(combined.getVariance()).isCloseTo(whole.getVariance(), within(1e-11));
  }
}
