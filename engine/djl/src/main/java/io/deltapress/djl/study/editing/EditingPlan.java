package io.deltapress.djl.study.editing;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What a study of editing measures.
 *
 * @param methods what edits
 * @param batches how many edits are computed together, each positive
 * @param counts after how many edits to measure, ascending; the last is the length of a sequence
 * @param seeds one sequence of edits each
 * @param preserved how many facts an editor may be shown
 * @param heldOut how many facts locality is measured on
 * @param editorSteps how long MALMEN is trained, positive
 */
public record EditingPlan(
    List<EditingMethod> methods,
    List<Integer> batches,
    List<Integer> counts,
    List<Long> seeds,
    int preserved,
    int heldOut,
    int editorSteps) {

  /** Makes the lists unmodifiable. */
  public EditingPlan {
    methods = List.copyOf(methods);
    batches = List.copyOf(batches);
    counts = List.copyOf(counts);
    seeds = List.copyOf(seeds);
    if (counts.isEmpty() || seeds.isEmpty()) {
      throw new IllegalArgumentException("at least one count and one seed are needed");
    }
  }

  /**
   * Everything.
   *
   * @param seeds number of sequences, positive
   * @return the plan behind the committed results
   */
  public static EditingPlan full(int seeds) {
    return new EditingPlan(
        Arrays.asList(EditingMethod.values()),
        List.of(1, 10, 100),
        List.of(1, 10, 50, 100, 250, 500, 1000),
        LongStream.rangeClosed(1, seeds).boxed().toList(),
        300,
        700,
        600);
  }

  /**
   * Enough to see that everything works, without training, in about a minute.
   *
   * @param seeds number of sequences, positive
   * @return a small plan
   */
  public static EditingPlan quick(int seeds) {
    return new EditingPlan(
        List.of(
            EditingMethod.FINE_TUNING,
            EditingMethod.ULTRAEDIT,
            EditingMethod.WHITENED,
            EditingMethod.WHITENED_REFITTED),
        List.of(1, 10),
        List.of(1, 10, 20),
        LongStream.rangeClosed(1, seeds).boxed().toList(),
        60,
        100,
        10);
  }

  /** How many edits a sequence has. */
  int length() {
    return counts.get(counts.size() - 1);
  }
}
