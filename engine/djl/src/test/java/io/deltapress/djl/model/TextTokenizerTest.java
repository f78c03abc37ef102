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

  /** As a BERT's tokenizer.json puts its special tokens around one text and around two. */
  private static final String PAIRS =
      """
      {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
       "added_tokens": [], "decoder": null, "pre_tokenizer": {"type": "WhitespaceSplit"},
       "post_processor": {"type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                   {"Sequence": {"id": "A", "type_id": 0}},
                   {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
        "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                 {"Sequence": {"id": "A", "type_id": 0}},
                 {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
                 {"Sequence": {"id": "B", "type_id": 1}},
                 {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
        "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]},
                           "[SEP]": {"id": "[SEP]", "ids": [2], "tokens": ["[SEP]"]}}},
       "model": {"type": "WordLevel", "unk_token": "[UNK]",
        "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "a": 3, "b": 4, "c": 5}}}
      """;

  @Test
  void shouldTellTheSegmentsOfTwoTextsApart() throws IOException {
    // Given
    try (TextTokenizer tokenizer = TextTokenizer.of(PAIRS)) {

      // When
      TextTokenizer.SegmentedTokens pair = tokenizer.encodeSegments("a b", "c");
      TextTokenizer.SegmentedTokens single = tokenizer.encodeSegments("a b", null);

      // Then
      assertThat(pair.ids()).containsExactly(1, 3, 4, 2, 5, 2);
      assertThat(pair.segments()).containsExactly(0, 0, 0, 0, 1, 1);
      assertThat(single.ids()).containsExactly(1, 3, 4, 2);
      assertThat(single.segments()).containsOnly(0);
    }
  }
}
