package io.deltapress.app.cli;

import io.deltapress.djl.select.Measurement;
import io.deltapress.djl.select.Selection;

/** A choice of method as people read it. */
final class SelectionText {
  private SelectionText() {}

  /** A table of what was tried, the chosen one marked, then the reason. */
  static String of(Selection selection) {
    TextTable table = new TextTable("", "method", "q", selection.measured(), "artifact");
    for (Measurement measurement : selection.measurements()) {
      table.row(
          measurement.equals(selection.chosen()) ? "*" : "",
          measurement.candidate().label(),
          RescaleText.of(measurement.factors().common(), measurement.factors().perTensor()),
          Figures.number(measurement.figure()),
          Figures.bytes(measurement.bytes()));
    }
    return table.text() + selection.reason() + System.lineSeparator() + System.lineSeparator();
  }
}
