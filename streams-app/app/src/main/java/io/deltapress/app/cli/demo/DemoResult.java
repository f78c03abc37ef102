package io.deltapress.app.cli.demo;

import java.util.List;

/**
 * What came of the demo; its fields are those of the JSON document.
 *
 * @param models one row per delta
 * @param edit the edit that was served and taken back
 * @param seconds from the first line to the last score
 */
public record DemoResult(List<DemoRow> models, DemoEdit edit, double seconds) {

  public DemoResult {
    models = List.copyOf(models);
  }
}
