package io.deltapress.app.cli.demo;

/**
 * What the served copy of a model answered to a question, before an edit, with it, and after it was
 * taken back.
 *
 * @param kind edit for the edited question itself, paraphrase for the same in other words,
 *     neighbour for one that is not to change
 */
public record DemoAnswer(
    String kind, String question, String before, String edited, String reverted) {

  static final String EDIT = "edit";
  static final String PARAPHRASE = "paraphrase";
  static final String NEIGHBOUR = "neighbour";
}
