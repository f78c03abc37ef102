package io.deltapress.app.cli;

import picocli.CommandLine.Command;

/** {@code submit}: what can be submitted. */
@Command(
    name = "submit",
    description = "Submit a fine-tune or an edit to a running pipeline.",
    subcommands = {SubmitDeltaCommand.class, SubmitEditCommand.class})
final class SubmitCommand extends CommandGroup {}
