package io.deltapress.djl.study.report;

import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.GeneratedSize;
import io.deltapress.djl.study.SizeRow;
import io.deltapress.djl.study.Study;
import io.deltapress.djl.study.StudyPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * All of a study: what {@code results.json} holds, and everything else is made from.
 *
 * @param schema version of this document's shape
 * @param run how it was made
 * @param plan what was to be measured
 * @param fineTunes what is known of each fine-tune
 * @param cells what was measured
 * @param sizes the smallest artifacts
 * @param generated sizes of artifacts of made-up weights
 * @param claims what the paper shows, checked
 */
public record StudyDocument(
    int schema,
    Run run,
    StudyPlan plan,
    List<FineTuneFacts> fineTunes,
    List<Cell> cells,
    List<SizeRow> sizes,
    List<GeneratedSize> generated,
    List<Claim> claims) {

  /** The present shape. */
  public static final int SCHEMA = 1;

  /** Makes the lists unmodifiable. */
  public StudyDocument {
    fineTunes = List.copyOf(fineTunes);
    cells = List.copyOf(cells);
    sizes = List.copyOf(sizes);
    generated = List.copyOf(generated);
    claims = List.copyOf(claims);
  }

  /**
   * How a study was made.
   *
   * @param command what was typed, without directories
   * @param commit of the sources, or "unknown"
   * @param version of the program
   * @param java version of the Java runtime
   * @param engine name and version of the tensor engine
   * @param processors of the machine
   * @param threads workers of the study
   * @param seconds wall-clock time of the last run
   * @param reused cells and sizes which that run found measured by an earlier one
   */
  public record Run(
      String command,
      String commit,
      String version,
      String java,
      String engine,
      int processors,
      int threads,
      double seconds,
      int reused) {}

  /**
   * Puts a document together and checks the claims.
   *
   * @param run how it was made
   * @param plan what was to be measured
   * @param measured what was measured
   * @return the document
   */
  public static StudyDocument of(Run run, StudyPlan plan, Study.Measured measured) {
    return new StudyDocument(
        SCHEMA,
        run,
        plan,
        measured.fineTunes(),
        measured.cells(),
        measured.sizes(),
        measured.generated(),
        claims(measured));
  }

  private static List<Claim> claims(Study.Measured measured) {
    List<Claim> claims =
        new ArrayList<>(Claims.check(new Scores(measured.fineTunes(), measured.cells())));
    claims.add(SizeGoal.check(measured.sizes()));
    return claims;
  }

  /**
   * Gives the figures for looking up.
   *
   * @return fine-tunes and cells
   */
  public Scores scores() {
    return new Scores(fineTunes, cells);
  }
}
