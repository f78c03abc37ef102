package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.djl.world.WordLevelTokenizer;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTokenizerTest {

  private static final String JSON = WordLevelTokenizer.json(List.of("red", "green", "blue", "?"));

  @TempDir private Path directory;

  @Test
  void shouldEncodeWordsBehindTheBeginToken() throws IOException {
    // Given
    try (TextTokenizer tokenizer = TextTokenizer.of(JSON)) {

      // When
      long[] ids = tokenizer.encode("blue  red purple ?");

      // Then
      assertThat(ids).containsExactly(1, 5, 3, 0, 6);
    }
  }

  @Test
  void shouldSayWhereTheAnswerStarts() throws IOException {
    // Given
    try (TextTokenizer tokenizer = TextTokenizer.of(JSON)) {

      // When
      TextTokenizer.PromptedTokens prompted = tokenizer.encode("red ?", "green blue");

      // Then
      assertThat(prompted.tokens()).containsExactly(1, 3, 6, 4, 5);
      assertThat(prompted.promptLength()).isEqualTo(3);
    }
  }

  @Test
  void shouldDecodeWithoutSpecialTokens() throws IOException {
    // Given
    try (TextTokenizer tokenizer = TextTokenizer.of(JSON)) {

      // When
      String text = tokenizer.decode(new long[] {1, 4, 5, 2});

      // Then
      assertThat(text).isEqualTo("green blue");
    }
  }

  @Test
  void shouldEncodeTextLongerThanAnyDefaultLimit() throws IOException {
    // Given
    try (TextTokenizer tokenizer = TextTokenizer.of(JSON)) {

      // When
      long[] ids = tokenizer.encode("red ".repeat(5000));

      // Then
      assertThat(ids).hasSize(5001);
    }
  }

  @Test
  void shouldNameTheFileWhenItIsMissing() {
    // Given
    Path file = directory.resolve("tokenizer.json");

    // When
    assertThatThrownBy(() -> TextTokenizer.open(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": no such file; a model needs its tokenizer.json");
  }

  @Test
  void shouldNameTheFileWhenItIsNoTokenizer() throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": {}}");

    // When
    assertThatThrownBy(() -> TextTokenizer.open(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": not a tokenizer this library reads: ");
  }

  @Test
  void shouldNameTheLineWhenTheFileIsNotJson() throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("tokenizer.json"), "{\n\n\"model\": ");

    // When
    assertThatThrownBy(() -> TextTokenizer.open(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": not JSON at line 3");
  }
}
