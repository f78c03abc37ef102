package io.deltapress.app.cli;

import picocli.CommandLine.Command;

/** {@code study}: what can be studied. */
@Command(
    name = "study",
    description = "Measure what the program does to models, and write tables and plots.",
    subcommands = {StudyDarexCommand.class, StudyEditingCommand.class})
final class StudyCommand extends CommandGroup {}
