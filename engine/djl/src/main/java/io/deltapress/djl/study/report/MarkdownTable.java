package io.deltapress.djl.study.report;

import java.util.List;

/** A table in GitHub's Markdown. */
final class MarkdownTable {

  private final StringBuilder text = new StringBuilder();

  MarkdownTable(List<String> heading) {
    row(heading);
    text.append("|---".repeat(heading.size())).append("|\n");
  }

  static MarkdownTable of(String... heading) {
    return new MarkdownTable(List.of(heading));
  }

  MarkdownTable row(String... cells) {
    return row(List.of(cells));
  }

  MarkdownTable row(List<String> cells) {
    for (String cell : cells) {
      text.append("| ").append(cell.isEmpty() ? "" : cell + " ");
    }
    text.append("|\n");
    return this;
  }

  String text() {
    return text.toString();
  }
}
