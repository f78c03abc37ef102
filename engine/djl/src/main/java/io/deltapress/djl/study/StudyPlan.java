package io.deltapress.djl.study;

import io.deltapress.format.artifact.ValueCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What a study measures.
 *
 * @param trained fine-tunes to make besides those that ship with the reference models
 * @param pruneRates the prune rates p, ascending, each at least 0 and below 1
 * @param techniques what prunes
 * @param seeds of the masks that figures are reported on
 * @param searchSeeds of the masks that factors are chosen with
 * @param sample how many tasks are used
 * @param sizes how the smallest artifacts are looked for
 */
public record StudyPlan(
    List<TrainedFineTune> trained,
    List<Double> pruneRates,
    List<Technique> techniques,
    List<Long> seeds,
    List<Long> searchSeeds,
    SampleSizes sample,
    SizePlan sizes) {

  /** Factors are never chosen with masks that are reported on. */
  private static final long FIRST_SEARCH_SEED = 1001;

  /** Makes the lists unmodifiable. */
  public StudyPlan {
    trained = List.copyOf(trained);
    pruneRates = List.copyOf(pruneRates);
    techniques = List.copyOf(techniques);
    seeds = List.copyOf(seeds);
    searchSeeds = List.copyOf(searchSeeds);
    if (seeds.isEmpty() || searchSeeds.isEmpty()) {
      throw new IllegalArgumentException("at least one mask seed is needed");
    }
  }

  /**
   * How the smallest artifacts are looked for.
   *
   * @param ladder prune rates to try, ascending
   * @param techniques what prunes
   * @param values how kept values may be written
   * @param generated rows and columns of the matrices of a pair that is made up to show bytes alone
   */
  public record SizePlan(
      List<Double> ladder,
      List<Technique> techniques,
      List<ValueCode> values,
      List<long[]> generated) {

    /** Makes the lists unmodifiable. */
    public SizePlan {
      ladder = List.copyOf(ladder);
      techniques = List.copyOf(techniques);
      values = List.copyOf(values);
      generated = List.copyOf(generated);
    }
  }

  /**
   * Everything.
   *
   * @param seeds number of masks per cell, positive
   * @return the plan behind the committed results
   */
  public static StudyPlan full(int seeds) {
    return new StudyPlan(
        everythingTrained(),
        List.of(0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999),
        Arrays.asList(Technique.values()),
        first(seeds, 1),
        first(2, FIRST_SEARCH_SEED),
        new SampleSizes(100, 60, 32),
        new SizePlan(
            List.of(0.9, 0.93, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997, 0.999, 0.9995),
            List.of(
                Technique.DARE,
                Technique.DAREX_Q_OUTPUT_CHANGE,
                Technique.DAREX_Q_SHAPED,
                Technique.MAGNITUDE,
                Technique.WANDA),
            Arrays.asList(ValueCode.values()),
            // A query projection and an up projection of a decoder of 7 billion parameters.
            List.of(new long[] {4096, 4096}, new long[] {11008, 4096})));
  }

  /**
   * Enough to see that everything works, in about a minute.
   *
   * @param seeds number of masks per cell, positive
   * @return a small plan, on shipped models only
   */
  public static StudyPlan quick(int seeds) {
    return new StudyPlan(
        List.of(),
        List.of(0.0, 0.9, 0.99),
        List.of(Technique.DARE, Technique.DAREX_Q_OUTPUT_CHANGE, Technique.MAGNITUDE),
        first(seeds, 1),
        first(1, FIRST_SEARCH_SEED),
        new SampleSizes(60, 40, 24),
        new SizePlan(
            List.of(0.9, 0.95, 0.99),
            List.of(Technique.DAREX_Q_OUTPUT_CHANGE),
            List.of(ValueCode.EXACT, ValueCode.INT8, ValueCode.INT4),
            List.of(new long[] {1024, 1024})));
  }

  private static List<TrainedFineTune> everythingTrained() {
    List<TrainedFineTune> trained = new ArrayList<>(TrainedDecoder.all());
    trained.add(TrainedEncoder.reference());
    return trained;
  }

  private static List<Long> first(int count, long from) {
    return LongStream.range(from, from + count).boxed().toList();
  }
}
