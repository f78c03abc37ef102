package io.deltapress.djl.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultLogTest {

  @TempDir private Path directory;

  record Result(String name, double figure) {}

  @Test
  void shouldRememberResultsAcrossRuns() throws IOException {
    // Given
    ResultLog<String, Result> before = open();
    before.add(new Result("a", 0.1));
    before.add(new Result("b", 1.0 / 3));

    // When
    ResultLog<String, Result> after = open();

    // Then
    assertThat(after.find("b")).contains(new Result("b", 1.0 / 3));
    assertThat(after.find("c")).isEmpty();
  }

  @Test
  void shouldForgetALineThatWasCutOffAndWriteTheNextOneWhole() throws IOException {
    // Given
    Files.writeString(file(), "{\"name\":\"a\",\"figure\":1.0}\n{\"name\":\"b\",\"fig");

    // When
    open().add(new Result("c", 2));

    // Then
    assertThat(file())
        .hasContent("{\"name\":\"a\",\"figure\":1.0}\n{\"name\":\"c\",\"figure\":2.0}\n");
  }

  @Test
  void shouldNameTheLineWhenItIsNoResult() throws IOException {
    // Given
    Files.writeString(file(), "{\"name\":\"a\",\"figure\":1.0}\n{\"other\":1}\n");

    // When
    assertThatThrownBy(this::open)
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file()
                + ": line 2: not a result of this version's study; delete the file, or give another"
                + " --out");
  }

  private ResultLog<String, Result> open() throws IOException {
    return ResultLog.open(file(), Result.class, Result::name);
  }

  private Path file() {
    return directory.resolve("results.jsonl");
  }
}
