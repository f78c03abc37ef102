package io.deltapress.djl.study.plot;

import io.deltapress.djl.study.report.ResultsMarkdown.Picture;
import io.deltapress.djl.study.report.StudyDocument;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Draws a study. Needs fonts, but no screen. */
public final class StudyPlots {

  private StudyPlots() {}

  /**
   * Says whether this machine has what text is drawn with.
   *
   * @return false where Java finds no font at all, as in some container images
   */
  public static boolean available() {
    System.setProperty("java.awt.headless", "true");
    try {
      return GraphicsEnvironment.getLocalGraphicsEnvironment().getAllFonts().length > 0;
    } catch (RuntimeException | LinkageError e) {
      // What Java throws without fontconfig or libfreetype depends on its version.
      return false;
    }
  }

  /**
   * Draws everything that the study has figures for.
   *
   * @param document the study
   * @param directory where the PNG files go; those of the same names are replaced
   * @return what was drawn
   * @throws IOException when a file cannot be written
   */
  public static List<Picture> write(StudyDocument document, Path directory) throws IOException {
    List<Picture> pictures = new ArrayList<>();
    write(
        pictures,
        directory,
        ScorePlot.of(document),
        "score-against-p.png",
        "Test score against prune rate: one panel per fine-tune, one line per technique, bars of one"
            + " standard deviation over the masks. The dashed line is the unpruned fine-tune.");
    write(
        pictures,
        directory,
        FactorPlot.of(document),
        "q-per-layer.png",
        "Rescale factor q of every linear layer at p = .99, in multiples of DARE's 1 - p, in the order"
            + " of the forward pass. Techniques with one factor for all are level lines.");
    write(
        pictures,
        directory,
        OutputChangePlot.of(document),
        "output-change-against-q.png",
        "Change of the outputs against the factor q, as the search without labels (q_e) saw it; 1 is"
            + " DARE. Mean squared error of the top five logits, of the encoder mean absolute"
            + " difference of the last hidden state.");
    write(
        pictures,
        directory,
        SizePlot.of(document),
        "size-against-score.png",
        "Test score against the size of the artifact's file, header included.");
    return pictures;
  }

  private static void write(
      List<Picture> pictures, Path directory, Figure figure, String name, String caption)
      throws IOException {
    if (!figure.isEmpty()) {
      figure.write(directory.resolve(name));
      pictures.add(new Picture(name, caption));
    }
  }
}
