package io.deltapress.app.worker;

import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.format.edit.LowRankShift;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two shifts for one request as one: their factors side by side, so that ranks add up, and the keys
 * that were seen last.
 */
final class ShiftSum {
  private ShiftSum() {}

  /** What was computed first, and then on top of that. */
  static ComputedEdit of(ComputedEdit first, ComputedEdit second) {
    Map<String, LowRankShift> sums = new LinkedHashMap<>();
    first.shifts().forEach(shift -> sums.put(shift.weight(), shift));
    second.shifts().forEach(shift -> sums.merge(shift.weight(), shift, ShiftSum::of));
    List<LowRankShift> shifts = new ArrayList<>(sums.values());
    double squares = shifts.stream().mapToDouble(LowRankShift::norm).map(n -> n * n).sum();
    return new ComputedEdit(
        first.request(),
        shifts,
        Math.sqrt(squares),
        shifts.stream().mapToInt(LowRankShift::rank).max().orElse(0),
        first.milliseconds() + second.milliseconds());
  }

  private static LowRankShift of(LowRankShift first, LowRankShift second) {
    int rank = first.rank() + second.rank();
    float[] a = new float[rank * first.inputs()];
    System.arraycopy(first.a(), 0, a, 0, first.a().length);
    System.arraycopy(second.a(), 0, a, first.a().length, second.a().length);
    float[] b = new float[first.outputs() * rank];
    for (int output = 0; output < first.outputs(); output++) {
      System.arraycopy(first.b(), output * first.rank(), b, output * rank, first.rank());
      System.arraycopy(
          second.b(), output * second.rank(), b, output * rank + first.rank(), second.rank());
    }
    float[] keys = second.keys().length > 0 ? second.keys() : first.keys();
    return new LowRankShift(first.weight(), rank, first.inputs(), first.outputs(), a, b, keys);
  }
}
