package io.deltapress.djl.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoArraysLeft.class)
class CalibrationTextTest {

  private static final Path MODEL = Path.of("reference", "base");

  @TempDir private Path directory;

  @Test
  void shouldMeasureAnswersOfTasksAndAllOfTexts() throws IOException {
    // Given: one token per word
    Path file =
        write(
            """
            {"prompt": "question : desk", "answer": "desk"}
            {"text": "question : desk", "label": 1}

            """);

    // When
    List<CalibrationBatch> batches = read(file);

    // Then
    assertThat(batches).hasSize(1);
    CalibrationBatch batch = batches.get(0);
    assertThat(batch.inputs().length(0)).isEqualTo(4);
    assertThat(batch.inputs().length(1)).isEqualTo(5);
    // of the text all four; of the task its answer and the end, which the last two tokens predict
    assertThat(batch.measuredTokens()).containsExactly(0, 1, 2, 3, 5 + 3, 5 + 4);
  }

  @Test
  void shouldThinALongFileOutEvenly() throws IOException {
    // Given
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 250; i++) {
      // every fourth line has two words more
      lines.append("{\"text\": \"question %s\"}\n".formatted(i < 200 ? ":" : ": : :"));
    }

    // When
    List<CalibrationBatch> batches = read(write(lines.toString()));

    // Then: a hundred lines, a fifth of them from the last fifth of the file
    assertThat(batches.stream().mapToInt(batch -> batch.inputs().size()).sum()).isEqualTo(100);
    assertThat(batches.stream().mapToInt(batch -> batch.inputs().tokens()).sum())
        .isEqualTo(80 * 3 + 20 * 5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no json | line 1: not JSON",
        "{\"label\": 1} | line 1: holds no text",
        "{\"text\": \" \"} | line 1: holds no text",
        "{\"prompt\": \"a\", \"answer\": \"\"} | line 1: prompt or answer is blank"
      })
  void shouldNameTheLineThatHoldsNoText(String line, String rule) throws IOException {
    // Given
    Path file = write(line);

    // When
    assertThatThrownBy(() -> read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file
                + ": "
                + rule
                + "; give {\"text\": \"...\"} or {\"prompt\": \"...\", \"answer\": \"...\"}");
  }

  @Test
  void shouldSayWhatToDoWhenThereIsNothing() throws IOException {
    // Given
    Path empty = write("\n");
    Path missing = directory.resolve("missing.jsonl");

    // When
    assertThatThrownBy(() -> read(empty))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(empty + ": holds no text; add lines with a text or a task");
    assertThatThrownBy(() -> read(missing))
        .isInstanceOf(BadInputException.class)
        .hasMessage(missing + ": no such file; give a calibration file of JSON lines");
  }

  private Path write(String lines) throws IOException {
    Path file = directory.resolve("calibration.jsonl");
    Files.writeString(file, lines);
    return file;
  }

  private static List<CalibrationBatch> read(Path file) throws IOException {
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, MODEL);
        TextTokenizer tokenizer = ModelDirectory.tokenizer(MODEL)) {
      return CalibrationText.read(file, tokenizer, model);
    }
  }
}
