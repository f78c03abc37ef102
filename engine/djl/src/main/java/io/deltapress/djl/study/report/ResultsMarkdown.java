package io.deltapress.djl.study.report;

import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.StudyPlan;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a study as a page of tables. */
public final class ResultsMarkdown {

  private final StudyDocument document;
  private final ScoreTables tables;
  private final StringBuilder page = new StringBuilder();

  private ResultsMarkdown(StudyDocument document) {
    this.document = document;
    this.tables = new ScoreTables(document.scores());
  }

  /**
   * Writes a study.
   *
   * @param document the study
   * @param pictures names of the plots that lie beside the page, with what they show
   * @return Markdown
   */
  public static String of(StudyDocument document, List<Picture> pictures) {
    return new ResultsMarkdown(document).page(pictures);
  }

  /**
   * A plot.
   *
   * @param file its name
   * @param caption what it shows
   */
  public record Picture(String file, String caption) {}

  private String page(List<Picture> pictures) {
    heading("#", "Study: DAREx on the reference models");
    run();
    heading("##", "What the paper shows, and what is seen here");
    claims();
    heading("##", "The fine-tunes");
    page.append(tables.fineTunes()).append('\n');
    for (Picture picture : pictures) {
      paragraph("![%s](%s)".formatted(picture.caption(), picture.file()));
      paragraph(picture.caption());
    }
    heading("##", "Score against p");
    paragraph(
        "Mean and standard deviation over the masks; the best of each column is bold. Magnitude and"
            + " WANDA draw nothing and were measured once, as was everything at p = 0.");
    perFineTune(tables::scores);
    heading("##", "Factor q that was found");
    paragraph("Where layers have factors of their own, their mean. DARE divides by 1 - p.");
    perFineTune(tables::factors);
    heading("##", "Output change");
    paragraph(
        "Against the unpruned fine-tune, on inputs from the training tasks: mean squared difference"
            + " of the five logits that the fine-tune ranks highest at each token; of the encoder, mean"
            + " absolute difference of the last hidden state.");
    perFineTune(tables::outputChanges);
    sizes();
    return page.toString();
  }

  private void run() {
    StudyDocument.Run run = document.run();
    StudyPlan plan = document.plan();
    paragraph("Made by this command; nothing here was written by hand.");
    page.append("```\n").append(run.command()).append("\n```\n\n");
    page.append(
        MarkdownTable.of("", "")
            .row("commit", run.commit())
            .row("version", run.version())
            .row("Java, engine", run.java() + ", " + run.engine())
            .row(
                "machine",
                String.format(
                    Locale.ROOT, "%d processors, %d workers", run.processors(), run.threads()))
            .row("took", took(run))
            .row("mask seeds", joined(plan.seeds()))
            .row("mask seeds of searches", joined(plan.searchSeeds()))
            .row("training seed", "1")
            .row(
                "tasks",
                String.format(
                    Locale.ROOT,
                    "the first %d of a test file, %d of a validation file, %d inputs for output changes",
                    plan.sample().test(),
                    plan.sample().validation(),
                    plan.sample().calibration()))
            .text());
    paragraph(
        "\nEvery figure is of a real artifact: compressed to a file, opened, checked, applied to the"
            + " loaded base, measured, taken off. Factors are searched on validation tasks and"
            + " training inputs, with masks that no figure is reported on; test tasks decide"
            + " nothing. A score is the share of answers right to the last token, of the encoder that of"
            + " labels.");
  }

  private static String took(StudyDocument.Run run) {
    String minutes = String.format(Locale.ROOT, "%.1f minutes", run.seconds() / 60);
    return run.reused() == 0
        ? minutes
        : String.format(
            Locale.ROOT,
            "%s, of a run that found %d figures measured by an earlier one",
            minutes,
            run.reused());
  }

  private void claims() {
    for (Claim claim : document.claims()) {
      paragraph("**%s: %s.**".formatted(claim.statement(), claim.verdict().wireName()));
      paragraph("Counts as shown when: " + claim.rule() + ".");
      claim.evidence().forEach(line -> page.append("- ").append(line).append('\n'));
      page.append('\n');
    }
  }

  private void sizes() {
    heading("##", "Size with quality");
    paragraph(
        "The smallest artifact whose mean validation score is within one point of the unpruned"
            + " fine-tune's, found by halving a ladder of prune rates ("
            + document.plan().sizes().ladder().stream()
                .map(Numbers::rate)
                .collect(Collectors.joining(", "))
            + "). Bytes are those of one file on disk, header and all; ratios are against the"
            + " fine-tune's bf16 tensors. The header names the tensors and does not grow with them,"
            + " so on models this small it is a visible part of the file.");
    page.append(SizeTables.smallest(document)).append('\n');
    heading("###", "Bytes alone");
    paragraph(
        "Matrices as large as real ones, filled with made-up numbers: this says nothing about"
            + " quality, only what an artifact weighs when its header does not matter.");
    page.append(SizeTables.generated(document)).append('\n');
    heading("###", "Beside what others state");
    paragraph("Their figures, for their models, as they state them; none was rerun here.");
    page.append(SizeTables.published());
  }

  /** Makes a table for a fine-tune. */
  @FunctionalInterface
  private interface PerFineTune {
    String table(String fineTune);
  }

  private void perFineTune(PerFineTune tables) {
    for (FineTuneFacts fineTune : document.fineTunes()) {
      heading("###", fineTune.name());
      page.append(tables.table(fineTune.name())).append('\n');
    }
  }

  private static String joined(List<Long> seeds) {
    return seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private void heading(String level, String text) {
    page.append(page.isEmpty() ? "" : "\n").append(level).append(' ').append(text).append("\n\n");
  }

  private void paragraph(String text) {
    page.append(text).append("\n\n");
  }
}
