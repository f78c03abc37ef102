package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.djl.importance.CalibrationBatch;
import io.deltapress.djl.model.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldOutBatchesTest {

  @Test
  void shouldHoldOutOneBatchOfTwenty() {
    // Given
    List<CalibrationBatch> batches = measured(40);

    // When
    HeldOutBatches split = HeldOutBatches.of(batches);

    // Then
    assertThat(split.heldOut()).containsExactly(batches.get(10), batches.get(30));
    assertThat(split.training()).hasSize(38).doesNotContainAnyElementsOf(split.heldOut());
  }

  @Test
  void shouldLeaveOutBatchesInWhichNothingIsMeasured() {
    // Given: of two, the second is held out
    List<CalibrationBatch> batches = new ArrayList<>(measured(2));
    batches.add(1, batch());
    batches.add(batch());

    // When
    HeldOutBatches split = HeldOutBatches.of(batches);

    // Then
    assertThat(split.training()).containsExactly(batches.get(0));
    assertThat(split.heldOut()).containsExactly(batches.get(2));
  }

  @Test
  void shouldLearnFromTheOnlyBatch() {
    // Given
    List<CalibrationBatch> batches = measured(1);

    // When
    HeldOutBatches split = HeldOutBatches.of(batches);

    // Then
    assertThat(split).isEqualTo(new HeldOutBatches(batches, batches));
  }

  @Test
  void shouldBeEmptyWhenNothingIsMeasured() {
    // When
    HeldOutBatches split = HeldOutBatches.of(List.of(batch()));

    // Then
    assertThat(split).isEqualTo(new HeldOutBatches(List.of(), List.of()));
  }

  private static List<CalibrationBatch> measured(int count) {
    List<CalibrationBatch> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batches.add(batch(0));
    }
    return batches;
  }

  private static CalibrationBatch batch(long... measured) {
    TokenBatch inputs = TokenBatch.of(List.of(new long[] {1, 2}));
    return new CalibrationBatch(inputs, new long[] {0, 1}, measured);
  }
}
