package io.deltapress.app.cli;

import picocli.CommandLine.Command;

/** {@code policy}: what can be done with policies. */
@Command(
    name = "policy",
    description = "Say what is measured before deltas become versions, and see what holds.",
    subcommands = {PolicySetCommand.class, PolicyLsCommand.class, PolicyRemoveCommand.class})
final class PolicyCommand extends CommandGroup {}
