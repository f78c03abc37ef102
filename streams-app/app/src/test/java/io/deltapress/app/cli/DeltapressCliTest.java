package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DeltapressCliTest {

  @Test
  void shouldPrintVersionOnStdoutWhenAsked() {
    // When
    CommandRun run = CommandRun.of("--version");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("deltapress ");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void shouldNameEveryCommandAndTheExitCodesWhenHelpIsAsked() {
    // Given
    CommandLine root = new DeltapressCli(Shell.ofProcess()).commandLine();

    // When
    CommandRun run = CommandRun.of("--help");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(root.getSubcommands().keySet())
        .contains("Exit codes: 0 done, 1 failed, 2 usage, 3 bad input, 4 integrity mismatch.");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void shouldDescribeEveryOptionOfEveryCommandInOneHelpPageEach() {
    // Given
    CommandLine root = new DeltapressCli(Shell.ofProcess()).commandLine();

    // When
    var undescribed =
        root.getSubcommands().values().stream()
            .flatMap(command -> command.getCommandSpec().options().stream())
            .filter(option -> option.description().length == 0)
            .toList();

    // Then
    assertThat(undescribed).isEmpty();
  }

  @Test
  void shouldSayInOneLineWhereHelpIsWhenNoCommandIsGiven() {
    // When
    CommandRun run = CommandRun.of();

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2, "", line("deltapress: say which command to run (see deltapress --help)")));
  }

  @Test
  void shouldSayInOneLineWhatIsWrongWhenAnOptionIsUnknown() {
    // When
    CommandRun run = CommandRun.of("evaluate", "--model", "m", "--task", "t", "--bogus");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2,
                "",
                line("deltapress: Unknown option: '--bogus' (see deltapress evaluate --help)")));
  }

  @Test
  void shouldNameTheCommandThatMayBeMeantWhenThereIsNoneOfThatName() {
    // When
    CommandRun run = CommandRun.of("complress");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2,
                "",
                line(
                    "deltapress: Unmatched argument at index 0: 'complress'; did you mean"
                        + " compress? (see deltapress --help)")));
  }

  @Test
  void shouldShowTheStackTraceOnlyWhenVerbose() {
    // When
    CommandRun run =
        CommandRun.of("evaluate", "--model", "m", "--task", "no-such-file", "--verbose");

    // Then
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .startsWith(line("deltapress: no-such-file: no such file; give a task file of JSON lines"))
        .contains("BadInputException")
        .contains("\tat ");
  }

  private static String line(String text) {
    return text + System.lineSeparator();
  }
}
