package io.deltapress.djl.study.report;

import io.deltapress.djl.study.GeneratedSize;
import io.deltapress.djl.study.SizeRow;

/** The tables about bytes. */
final class SizeTables {

  private SizeTables() {}

  static String smallest(StudyDocument document) {
    MarkdownTable table =
        MarkdownTable.of(
            "model",
            "technique",
            "values",
            "p",
            "q",
            "file, bytes",
            "ratio",
            "of it header",
            "ratio without header",
            "validation",
            "test",
            "test drop within a point");
    for (SizeRow row : document.sizes()) {
      table.row(
          row.key().fineTune(),
          row.key().technique().label(),
          row.key().values().wireName(),
          Numbers.rate(row.pruneRate()),
          Numbers.plain(row.rescale()),
          Numbers.count(row.bytes()),
          row.found() ? "**" + Numbers.ratio(row.ratio()) + "**" : "none",
          Numbers.percent((double) row.headerBytes() / row.bytes()),
          Numbers.ratio(row.ratioWithoutHeader()),
          Numbers.score(row.validation()),
          Numbers.score(row.test()),
          row.holdsOnTest() ? "yes" : "no (" + Numbers.score(row.testDrop()) + ")");
    }
    return table.text();
  }

  static String generated(StudyDocument document) {
    MarkdownTable table =
        MarkdownTable.of("parameters", "p", "values", "dense, bytes", "file, bytes", "ratio");
    for (GeneratedSize size : document.generated()) {
      table.row(
          Numbers.count(size.parameters()),
          Numbers.rate(size.pruneRate()),
          size.values().wireName(),
          Numbers.count(size.denseBytes()),
          Numbers.count(size.bytes()),
          Numbers.ratio(size.ratio()));
    }
    return table.text();
  }

  static String published() {
    MarkdownTable table = MarkdownTable.of("work", "ratio it states", "of what");
    PublishedRatios.ALL.forEach(row -> table.row(row.name(), row.ratio(), row.what()));
    return table.text();
  }
}
