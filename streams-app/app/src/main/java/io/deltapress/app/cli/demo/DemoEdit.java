package io.deltapress.app.cli.demo;

import java.util.List;

/**
 * What came of the demo's edit.
 *
 * @param model {@code tenant/model}
 * @param editId identity of the edit
 * @param target the answer that was asked for
 * @param editedVersion the version with the edit
 * @param revertedVersion the version without it again
 * @param answers of the served copy
 * @param editMilliseconds from the request until the follower served the edited version
 * @param revertMilliseconds from the request until the follower served the version without it
 */
public record DemoEdit(
    String model,
    String editId,
    String target,
    int editedVersion,
    int revertedVersion,
    List<DemoAnswer> answers,
    double editMilliseconds,
    double revertMilliseconds) {

  public DemoEdit {
    answers = List.copyOf(answers);
  }
}
