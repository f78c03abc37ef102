package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaConfigFileTest {

  /** As Hugging Face writes it for a small Llama of the first generation. */
  private static final String MINIMAL =
      """
      {"architectures": ["LlamaForCausalLM"], "vocab_size": 100, "hidden_size": 32,
       "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4%s}
      """;

  @TempDir private Path directory;

  @Test
  void shouldFillInWhatOlderFilesLeaveOut() throws IOException {
    // Given
    Path file = write(MINIMAL.formatted(""));

    // When
    LlamaConfig config = LlamaConfigFile.read(file);

    // Then
    assertThat(config)
        .isEqualTo(new LlamaConfig(100, 32, 64, 2, 4, 4, 8, 1e-6, 10_000, 2048, false, 1, 2));
  }

  @Test
  void shouldReadWhatItWrote() throws IOException {
    // Given
    LlamaConfig config = new LlamaConfig(100, 32, 64, 2, 4, 2, 10, 1e-5, 500_000, 256, true, 3, 4);
    Path file = directory.resolve("config.json");
    LlamaConfigFile.write(config, file);

    // When
    LlamaConfig read = LlamaConfigFile.read(file);

    // Then
    assertThat(read).isEqualTo(config);
  }

  @Test
  void shouldTakeTheFirstOfSeveralEndTokens() throws IOException {
    // Given
    Path file = write(MINIMAL.formatted(", \"eos_token_id\": [7, 8]"));

    // When
    LlamaConfig config = LlamaConfigFile.read(file);

    // Then
    assertThat(config.endToken()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`, \"hidden_act\": \"gelu\"` | hidden_act \"gelu\" is not supported; only silu is",
        "`, \"attention_bias\": true` | attention_bias true is not supported; only false is",
        "`, \"num_key_value_heads\": 3` | num_key_value_heads 3 does not divide num_attention_heads 4",
        "`, \"head_dim\": 7` | head_dim 7 is odd; rotary embeddings need pairs",
        "`, \"vocab_size\": \"many\"` | key vocab_size must be an integer",
        "`, \"hidden_size\": 0` | hidden_size is 0, must be positive",
        "`, \"rope_theta\": \"x\"` | key rope_theta must be a number"
      })
  void shouldNameTheKeyThatCannotBeComputed(String extra, String rule) throws IOException {
    // Given: of equal keys the last one counts
    Path file = write(MINIMAL.formatted(extra));

    // When
    assertThatThrownBy(() -> LlamaConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + rule);
  }

  @Test
  void shouldRefuseScaledRotaryEmbeddings() throws IOException {
    // Given
    Path file = write(MINIMAL.formatted(", \"rope_scaling\": {\"rope_type\": \"llama3\"}"));

    // When
    assertThatThrownBy(() -> LlamaConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file + ": rope_scaling {\"rope_type\":\"llama3\"} is not supported; only null is");
  }

  @Test
  void shouldRefuseAnotherArchitecture() throws IOException {
    // Given
    Path file = write("{\"architectures\": [\"GPT2LMHeadModel\"]}");

    // When
    assertThatThrownBy(() -> LlamaConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file + ": architecture GPT2LMHeadModel is not supported; only LlamaForCausalLM is");
  }

  @Test
  void shouldRefuseWhatIsNotJson() throws IOException {
    // Given
    Path file = write("{\n  architectures");

    // When
    assertThatThrownBy(() -> LlamaConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": not JSON at line 2: give the config.json of a Hugging Face model");
  }

  @Test
  void shouldRefuseADirectoryWithoutConfiguration() {
    // Given
    Path file = directory.resolve("config.json");

    // When
    assertThatThrownBy(() -> LlamaConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file + ": no such file; give a Hugging Face model directory with its config.json");
  }

  private Path write(String json) throws IOException {
    return Files.writeString(directory.resolve("config.json"), json);
  }
}
