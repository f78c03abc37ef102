package io.deltapress.app.cli;

import picocli.CommandLine.Command;

/** {@code base}: what can be done with bases. */
@Command(
    name = "base",
    description = "Register a base with a running pipeline.",
    subcommands = BaseRegisterCommand.class)
final class BaseCommand extends CommandGroup {}
