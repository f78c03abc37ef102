package io.deltapress.djl.study.page;

import io.deltapress.djl.study.plot.EditingPlot;
import io.deltapress.djl.study.plot.StudyPlots;
import io.deltapress.djl.study.report.EditingDocument;
import io.deltapress.djl.study.report.EditingMarkdown;
import io.deltapress.djl.study.report.ResultsJson;
import io.deltapress.djl.study.report.ResultsMarkdown;
import io.deltapress.djl.study.report.ResultsMarkdown.Picture;
import io.deltapress.djl.study.report.StudyDocument;
import io.deltapress.format.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The results of a study as files: JSON, a page of tables, pictures. */
public final class StudyPage {

  /** Everything, for programs. */
  public static final String JSON = "results.json";

  /** Everything, for people. */
  public static final String MARKDOWN = "results.md";

  private StudyPage() {}

  /**
   * Writes all files of a study. Pictures are left out where no fonts are installed.
   *
   * @param document the study
   * @param directory where they go; files of the same names are replaced
   * @return the pictures that were drawn
   * @throws IOException when a file cannot be written
   */
  public static List<Picture> write(StudyDocument document, Path directory) throws IOException {
    write(directory.resolve(JSON), ResultsJson.of(document));
    List<Picture> pictures =
        StudyPlots.available() ? StudyPlots.write(document, directory) : List.of();
    write(directory.resolve(MARKDOWN), ResultsMarkdown.of(document, pictures));
    return pictures;
  }

  /**
   * Writes all files of a study of editing, as {@link #write(StudyDocument, Path)} does.
   *
   * @param document the study
   * @param directory where they go; files of the same names are replaced
   * @return the pictures that were drawn
   * @throws IOException when a file cannot be written
   */
  public static List<Picture> write(EditingDocument document, Path directory) throws IOException {
    write(directory.resolve(JSON), ResultsJson.of(document));
    List<Picture> pictures =
        StudyPlots.available() ? EditingPlot.write(document, directory) : List.of();
    write(directory.resolve(MARKDOWN), EditingMarkdown.of(document, pictures));
    return pictures;
  }

  private static void write(Path file, String text) throws IOException {
    try (AtomicFile target = AtomicFile.create(file)) {
      target.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      target.commit();
    }
  }
}
