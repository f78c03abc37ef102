package io.deltapress.djl.study.report;

import io.deltapress.djl.rescale.Trial;
import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.CellKey;
import io.deltapress.djl.study.DeltaKind;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.GeneratedSize;
import io.deltapress.djl.study.Measurement;
import io.deltapress.djl.study.RescaleChoice;
import io.deltapress.djl.study.SampleSizes;
import io.deltapress.djl.study.SizeKey;
import io.deltapress.djl.study.SizeRow;
import io.deltapress.djl.study.Study;
import io.deltapress.djl.study.StudyPlan;
import io.deltapress.djl.study.Summary;
import io.deltapress.djl.study.Technique;
import io.deltapress.format.artifact.ValueCode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Made-up studies. */
public final class StudySamples {

  private static final SampleSizes SAMPLE = new SampleSizes(100, 50, 10);
  private static final List<Long> SEEDS = List.of(1L, 2L);

  private StudySamples() {}

  /** A fine-tune that answers everything. */
  public static FineTuneFacts fineTune(String name, DeltaKind kind, String task) {
    return new FineTuneFacts(
        name, kind, task, "shipped", "ab", 0, 1, 1, 0.005, 0.1, 1_000_000, 2_000_000);
  }

  /** A cell whose two masks gave these scores, or whose one measurement gave both. */
  public static Cell cell(
      String fineTune, Technique technique, double pruneRate, double first, double second) {
    boolean drawn = technique.drawn();
    CellKey key =
        new CellKey(fineTune, "ab", technique, pruneRate, drawn ? SEEDS : List.of(), SAMPLE);
    long bytes = Math.round(2_000_000 * (1 - pruneRate));
    List<Measurement> measurements =
        drawn
            ? List.of(
                new Measurement(1, first, 0.25, bytes), new Measurement(2, second, 0.75, bytes))
            : List.of(new Measurement(0, first, 0.5, bytes));
    return new Cell(key, rescale(technique, pruneRate), measurements);
  }

  private static RescaleChoice rescale(Technique technique, double pruneRate) {
    double keep = 1 - pruneRate;
    List<Trial> trials =
        List.of(new Trial(keep, 4), new Trial(2 * keep, 2), new Trial(4 * keep, 8));
    if (technique.perLayer()) {
      Map<String, Double> perLayer =
          Map.of(
              "model.layers.0.mlp.up_proj.weight", 3 * keep,
              "model.layers.0.self_attn.q_proj.weight", keep,
              "model.layers.1.mlp.up_proj.weight", 2 * keep);
      return new RescaleChoice(2 * keep, new TreeMap<>(perLayer), "beta", 0.5, trials);
    }
    return technique.rescaling() == Technique.Rescaling.PLAIN
        ? RescaleChoice.fixed(keep)
        : new RescaleChoice(2 * keep, new TreeMap<>(), "q", 2 * keep, trials);
  }

  /** A study of one fine-tune with everything in it. */
  public static StudyDocument document() {
    List<Cell> cells =
        List.of(
            cell("router", Technique.DARE, 0.9, 1, 0.98),
            cell("router", Technique.DARE, 0.99, 0.1, 0.2),
            cell("router", Technique.DAREX_Q_OUTPUT_CHANGE, 0.9, 1, 1),
            cell("router", Technique.DAREX_Q_OUTPUT_CHANGE, 0.99, 0.9, 0.96),
            cell("router", Technique.DAREX_Q_SHAPED, 0.99, 0.8, 0.9),
            cell("router", Technique.MAGNITUDE, 0.9, 0.5, 0.5));
    SizeKey key =
        new SizeKey("router", "ab", Technique.DARE, ValueCode.INT8, List.of(0.9), SEEDS, SAMPLE);
    SizeRow row =
        new SizeRow(
            key,
            true,
            0.995,
            0.0125,
            10_000,
            2_500,
            200,
            0.995,
            new Summary(0.985, 0.01, 2),
            0.015);
    return StudyDocument.of(
        new StudyDocument.Run(
            "deltapress study darex --out DIR", "c0ffee", "1.0", "17", "PyTorch", 2, 2, 90, 0),
        new StudyPlan(
            List.of(),
            List.of(0.9, 0.99),
            List.of(Technique.DARE),
            SEEDS,
            List.of(1001L),
            SAMPLE,
            new StudyPlan.SizePlan(
                List.of(0.9, 0.995), List.of(Technique.DARE), List.of(), List.of())),
        new Study.Measured(
            List.of(fineTune("router", DeltaKind.SMALL, "router")),
            cells,
            List.of(row),
            List.of(new GeneratedSize(1_048_576, 2_097_152, 0.99, ValueCode.INT4, 5_300, 395.7)),
            0));
  }
}
