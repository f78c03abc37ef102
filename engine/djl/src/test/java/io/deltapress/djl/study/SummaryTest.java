package io.deltapress.djl.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void shouldDivideByOneLessThanTheNumberOfMeasurements() {
    // When
    Summary summary = Summary.of(List.of(1.0, 2.0, 6.0));

    // Then
    assertThat(summary).isEqualTo(new Summary(3, Math.sqrt((4 + 1 + 9) / 2.0), 3));
  }

  @Test
  void shouldHaveNoDeviationWhenThereIsOneMeasurement() {
    // When
    Summary summary = Summary.of(List.of(0.25));

    // Then
    assertThat(summary).isEqualTo(new Summary(0.25, 0, 1));
  }

  @Test
  void shouldRefuseNothing() {
    // When
    assertThatThrownBy(() -> Summary.of(List.of()))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is nothing to summarize");
  }
}
