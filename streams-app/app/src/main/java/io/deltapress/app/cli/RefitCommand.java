package io.deltapress.app.cli;

import io.deltapress.schemas.ControlAction;
import picocli.CommandLine.Command;

/** {@code refit}: computes live edits anew, together. */
@Command(
    name = "refit",
    description =
        "Compute all live edits of a model anew as one batch, which costs what the model knows"
            + " least; if one would be lost, or the gate fails, everything stays as it is.",
    sortOptions = false)
final class RefitCommand extends WholeModelCommand {
  RefitCommand(Shell shell) {
    super(shell, ControlAction.REFIT);
  }
}
