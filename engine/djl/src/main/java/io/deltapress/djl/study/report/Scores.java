package io.deltapress.djl.study.report;

import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.Technique;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds cells of a study.
 *
 * @param fineTunes what was pruned, in the order of the study
 * @param cells what was measured
 */
public record Scores(List<FineTuneFacts> fineTunes, List<Cell> cells) {

  /** Makes the lists unmodifiable. */
  public Scores {
    fineTunes = List.copyOf(fineTunes);
    cells = List.copyOf(cells);
  }

  /**
   * Finds one cell.
   *
   * @param fineTune name of the fine-tune
   * @param technique what pruned it
   * @param pruneRate the prune rate p
   * @return the cell, if it was measured
   */
  public Optional<Cell> find(String fineTune, Technique technique, double pruneRate) {
    return cells.stream()
        .filter(
            cell ->
                cell.key().fineTune().equals(fineTune)
                    && cell.key().technique() == technique
                    && cell.key().pruneRate() == pruneRate)
        .findFirst();
  }

  /**
   * Finds the technique with the highest mean score.
   *
   * @param fineTune name of the fine-tune
   * @param techniques which to choose from
   * @param pruneRate the prune rate p
   * @return its cell, if any was measured; of equals the first technique's
   */
  public Optional<Cell> best(String fineTune, Collection<Technique> techniques, double pruneRate) {
    return techniques.stream()
        .sorted()
        .flatMap(technique -> find(fineTune, technique, pruneRate).stream())
        .max(
            Comparator.comparingDouble((Cell cell) -> cell.score().mean())
                .thenComparing(cell -> cell.key().technique(), Comparator.reverseOrder()));
  }

  /**
   * Lists the prune rates that were measured.
   *
   * @return ascending
   */
  public List<Double> pruneRates() {
    TreeSet<Double> rates = new TreeSet<>();
    cells.forEach(cell -> rates.add(cell.key().pruneRate()));
    return List.copyOf(rates);
  }

  /**
   * Lists the techniques that were measured.
   *
   * @return in the order of {@link Technique}
   */
  public List<Technique> techniques() {
    TreeSet<Technique> techniques = new TreeSet<>();
    cells.forEach(cell -> techniques.add(cell.key().technique()));
    return List.copyOf(techniques);
  }
}
