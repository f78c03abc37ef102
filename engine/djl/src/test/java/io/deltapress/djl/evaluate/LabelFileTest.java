package io.deltapress.djl.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelFileTest {

  @TempDir private Path directory;

  @Test
  void shouldReadWhatItWrote() throws IOException {
    // Given
    Path file = directory.resolve("labels.jsonl");
    List<LabelledText> texts =
        List.of(new LabelledText("a \"b\"", 3), new LabelledText("c", "d", 2.75));
    LabelFile.write(file, texts);

    // When
    List<LabelledText> read = LabelFile.read(file);

    // Then
    assertThat(read).isEqualTo(texts);
    assertThat(file)
        .hasContent(
            """
            {"text":"a \\"b\\"","label":3}
            {"text":"c","text_pair":"d","label":2.75}
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"text\": \"a\"} | label must be a number",
        "{\"text\": \"a\", \"label\": \"1\"} | label must be a number",
        "{\"text\": \"a\", \"label\": 1e999} | label must be finite",
        "{\"text\": 1, \"label\": 1} | text must be a string",
        "{\"text\": \" \", \"label\": 1} | text is blank",
        "{\"text\": \"a\", \"text_pair\": 1, \"label\": 1} | text_pair must be a string",
        "{\"prompt\": \"a\", \"answer\": \"b\"} | label must be a number"
      })
  void shouldNameFileAndLineWhenALineIsNoLabelledText(String line, String rule) throws IOException {
    // Given
    Path file = directory.resolve("labels.jsonl");
    Files.writeString(file, "{\"text\": \"t\", \"label\": 0}\n\n" + line + "\n");

    // When
    assertThatThrownBy(() -> LabelFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file + ": line 3: " + rule + "; a labelled text is {\"text\": \"...\", \"label\": 1}");
  }

  @Test
  void shouldRefuseAFileWithoutTexts() throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("labels.jsonl"), "\n");

    // When
    assertThatThrownBy(() -> LabelFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": holds no text; add lines with text and label");
  }
}
