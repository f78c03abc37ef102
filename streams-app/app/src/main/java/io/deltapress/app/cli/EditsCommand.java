package io.deltapress.app.cli;

import picocli.CommandLine.Command;

/** {@code edits}: looks at the edits of a model. */
@Command(
    name = "edits",
    description = "Look at the live edits of a model.",
    subcommands = EditsLsCommand.class)
final class EditsCommand extends CommandGroup {}
