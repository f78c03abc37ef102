package io.deltapress.app.cli;

import io.deltapress.schemas.ControlAction;
import picocli.CommandLine.Command;

/** {@code squash}: folds live edits into a delta. */
@Command(
    name = "squash",
    description =
        "Fold the live edits of a model into a delta that gives the same weights; a folded edit can"
            + " still be reverted, which takes the fold apart.",
    sortOptions = false)
final class SquashCommand extends WholeModelCommand {
  SquashCommand(Shell shell) {
    super(shell, ControlAction.SQUASH);
  }
}
