package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

  private static final LearningRateSchedule SCHEDULE =
      new LearningRateSchedule(new TrainingRecipe(110, 1, 2.0, 10, 0.05, 0, 1, 0));

  @Test
  void shouldRiseLinearlyDuringWarmUp() {
    // When
    double first = SCHEDULE.at(0);
    double last = SCHEDULE.at(9);

    // Then
    assertThat(first).isEqualTo(0.2);
    assertThat(last).isEqualTo(2.0);
  }

  @Test
  void shouldFallAlongHalfACosineToTheFinalFraction() {
    // When
    double highest = SCHEDULE.at(10);
    double middle = SCHEDULE.at(60);
    double end = SCHEDULE.at(110);

    // Then
    assertThat(highest).isEqualTo(2.0);
    assertThat(middle).isCloseTo(2.0 * (0.05 + 0.95 / 2), within(1e-12));
    assertThat(end).isCloseTo(0.1, within(1e-12));
  }
}
