package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.format.edit.LowRankShift;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShiftSumTest {
  private static final EditRequest REQUEST = EditRequest.of("e", "prompt", "target");

  private static ComputedEdit edit(LowRankShift... shifts) {
    return new ComputedEdit(REQUEST, List.of(shifts), 1, 1, 2);
  }

  @Test
  void shouldAddUpToTheSameMatrixWhenAWeightIsShiftedTwice() {
    // Given
    LowRankShift once =
        new LowRankShift("w", 1, 2, 3, new float[] {1, 2}, new float[] {1, 10, 100});
    LowRankShift again =
        new LowRankShift("w", 2, 2, 3, new float[] {3, 4, 5, 6}, new float[] {1, 0, 0, 1, 2, 2});

    // When
    ComputedEdit sum = ShiftSum.of(edit(once), edit(again));

    // Then
    LowRankShift shift = sum.shifts().get(0);
    assertThat(sum.shifts()).hasSize(1);
    assertThat(sum.rank()).isEqualTo(3);
    assertThat(sum.milliseconds()).isEqualTo(4);
    assertThat(product(shift)).containsExactly(1 + 3, 2 + 4, 10 + 5, 20 + 6, 100 + 16, 200 + 20);
    assertThat(sum.norm())
        .isCloseTo(
            Math.sqrt(4 * 4 + 6 * 6 + 15 * 15 + 26 * 26 + 116 * 116 + 220 * 220), within(1e-9));
  }

  @Test
  void shouldKeepWhatOnlyOneOfThemShifts() {
    // Given
    LowRankShift here = new LowRankShift("a", 1, 1, 1, new float[] {3}, new float[] {1});
    LowRankShift there = new LowRankShift("b", 1, 1, 1, new float[] {4}, new float[] {1});

    // When
    ComputedEdit sum = ShiftSum.of(edit(here), edit(there));

    // Then
    assertThat(sum.shifts()).containsExactly(here, there);
    assertThat(sum.norm()).isEqualTo(5);
  }

  @Test
  void shouldRememberTheKeysThatWereSeenLast() {
    // Given
    LowRankShift once = new LowRankShift("w", 1, 1, 1, new float[] {3}, new float[] {1});
    LowRankShift first = once.withKeys(new float[] {7});
    LowRankShift second = once.withKeys(new float[] {8});

    // When
    ComputedEdit sum = ShiftSum.of(edit(first), edit(second));

    // Then
    assertThat(sum.shifts().get(0).keys()).containsExactly(8);
    assertThat(ShiftSum.of(edit(first), edit(once)).shifts().get(0).keys()).containsExactly(7);
  }

  private static double[] product(LowRankShift shift) {
    double[] product = new double[shift.outputs() * shift.inputs()];
    for (int o = 0; o < shift.outputs(); o++) {
      for (int i = 0; i < shift.inputs(); i++) {
        for (int r = 0; r < shift.rank(); r++) {
          product[o * shift.inputs() + i] +=
              shift.b()[o * shift.rank() + r] * shift.a()[r * shift.inputs() + i];
        }
      }
    }
    return product;
  }
}
