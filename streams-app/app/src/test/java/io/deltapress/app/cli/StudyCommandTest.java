package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyCommandTest {
  @TempDir private Path directory;

  @Test
  void shouldNameWhatCanBeStudiedWhenNotTold() {
    // When
    CommandRun run = CommandRun.of("study");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2,
                "",
                "deltapress: say what: darex or editing (see deltapress study --help)"
                    + System.lineSeparator()));
  }

  @Test
  void shouldAskForTheDirectory() {
    // When
    CommandRun run = CommandRun.of("study", "darex");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2,
                "",
                "deltapress: Missing required option: '--out=DIR' (see deltapress study darex"
                    + " --help)"
                    + System.lineSeparator()));
  }

  @Test
  void shouldRefuseNumbersOutOfRange() {
    // When
    CommandRun seeds = study("--seeds", "0");
    CommandRun threads = study("--threads", "65");

    // Then
    assertThat(seeds).isEqualTo(failed(2, "--seeds must be 1 to 100, not 0"));
    assertThat(threads).isEqualTo(failed(2, "--threads must be 1 to 64, not 65"));
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void shouldRefuseNoSequenceOfEdits() {
    // When
    CommandRun run =
        CommandRun.of(
            "study", "editing", "--out", directory.resolve("out").toString(), "--seeds", "0");

    // Then
    assertThat(run).isEqualTo(failed(2, "--seeds must be 1 to 100, not 0"));
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void shouldNameWhatIsMissingWhenThereAreNoReferenceModels() {
    // When
    CommandRun run = study("--reference", directory.toString());

    // Then
    assertThat(run)
        .isEqualTo(
            failed(
                3,
                directory.resolve("reference.json")
                    + ": no such file; give the directory of the reference models"));
  }

  @Test
  void shouldRefuseADirectoryOfSomethingElse() throws IOException {
    // Given
    Path out = Files.createDirectory(directory.resolve("out"));
    Files.writeString(out.resolve("notes.txt"), "mine");

    // When
    CommandRun run = study("--reference", directory.toString());

    // Then
    assertThat(run)
        .isEqualTo(
            failed(
                3,
                out
                    + ": holds something else than a study; give a new directory, or that of a"
                    + " study"));
    assertThat(out).isDirectoryContaining("glob:**notes.txt");
  }

  private CommandRun study(String... options) {
    String[] arguments = new String[options.length + 4];
    arguments[0] = "study";
    arguments[1] = "darex";
    arguments[2] = "--out";
    arguments[3] = directory.resolve("out").toString();
    System.arraycopy(options, 0, arguments, 4, options.length);
    return CommandRun.of(arguments);
  }

  private static CommandRun failed(int exitCode, String line) {
    return new CommandRun(exitCode, "", "deltapress: " + line + System.lineSeparator());
  }
}
