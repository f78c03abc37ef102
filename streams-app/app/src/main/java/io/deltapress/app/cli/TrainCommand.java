package io.deltapress.app.cli;

import picocli.CommandLine.Command;

/** {@code train}: what can be trained. */
@Command(
    name = "train",
    description =
        "Train a small base on a generated world of facts, fine-tune one, or train an editor.",
    subcommands = {TrainBaseCommand.class, TrainFineTuneCommand.class, TrainEditorCommand.class})
final class TrainCommand extends CommandGroup {}
