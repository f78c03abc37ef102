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

class ModelConfigFileTest {

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
    ModelConfig config = ModelConfigFile.read(file);

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
    ModelConfig read = ModelConfigFile.read(file);

    // Then
    assertThat(read).isEqualTo(config);
  }

  @Test
  void shouldTakeTheFirstOfSeveralEndTokens() throws IOException {
    // Given
    Path file = write(MINIMAL.formatted(", \"eos_token_id\": [7, 8]"));

    // When
    ModelConfig config = ModelConfigFile.read(file);

    // Then
    assertThat(((LlamaConfig) config).endToken()).isEqualTo(7);
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
    assertThatThrownBy(() -> ModelConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + rule);
  }

  @Test
  void shouldRefuseScaledRotaryEmbeddings() throws IOException {
    // Given
    Path file = write(MINIMAL.formatted(", \"rope_scaling\": {\"rope_type\": \"llama3\"}"));

    // When
    assertThatThrownBy(() -> ModelConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file + ": rope_scaling {\"rope_type\":\"llama3\"} is not supported; only null is");
  }

  @Test
  void shouldRefuseAnotherArchitecture() throws IOException {
    // Given
    Path file = write("{\"architectures\": [\"T5ForConditionalGeneration\"]}");

    // When
    assertThatThrownBy(() -> ModelConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file
                + ": architecture T5ForConditionalGeneration is not supported; supported are"
                + " LlamaForCausalLM, Qwen2ForCausalLM, GPT2LMHeadModel,"
                + " BertForSequenceClassification, BertModel, BertForMaskedLM, BertForPreTraining,"
                + " RobertaForSequenceClassification, RobertaModel, RobertaForMaskedLM");
  }

  /** As Hugging Face writes it for a small Qwen2. */
  private static final String QWEN2 =
      """
      {"architectures": ["Qwen2ForCausalLM"], "vocab_size": 100, "hidden_size": 32,
       "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
       "num_key_value_heads": 2, "use_sliding_window": false, "sliding_window": 4096,
       "layer_types": ["full_attention", "full_attention"], "rope_theta": 1000000.0%s}
      """;

  @Test
  void shouldReadQwen2WithItsDefaults() throws IOException {
    // Given
    Path file = write(QWEN2.formatted(""));

    // When
    ModelConfig config = ModelConfigFile.read(file);

    // Then
    assertThat(config)
        .isEqualTo(
            new LlamaConfig(
                ModelFamily.QWEN2,
                100,
                32,
                64,
                2,
                4,
                2,
                8,
                1e-6,
                1_000_000,
                32_768,
                false,
                151_643,
                151_643));
  }

  @Test
  void shouldReadRotarySettingsOfNewerWriters() throws IOException {
    // Given
    Path file =
        write(
            QWEN2.formatted(
                ", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 5e5}"));

    // When
    ModelConfig config = ModelConfigFile.read(file);

    // Then
    assertThat(((LlamaConfig) config).ropeTheta()).isEqualTo(500_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`, \"use_sliding_window\": true` | use_sliding_window true is not supported; only false is",
        "`, \"layer_types\": [\"sliding_attention\"]`"
            + " | layer_types \"sliding_attention\" is not supported; only full_attention is",
        "`, \"rope_parameters\": {\"rope_type\": \"yarn\"}`"
            + " | rope_type \"yarn\" is not supported; only default is"
      })
  void shouldNameTheKeyOfQwen2ThatCannotBeComputed(String extra, String rule) throws IOException {
    // Given
    Path file = write(QWEN2.formatted(extra));

    // When
    assertThatThrownBy(() -> ModelConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + rule);
  }

  @Test
  void shouldReadGpt2WithItsDefaults() throws IOException {
    // Given: as the first published GPT-2 has it
    Path file =
        write(
            """
            {"architectures": ["GPT2LMHeadModel"], "n_embd": 768, "n_head": 12, "n_layer": 12,
             "n_ctx": 1024, "n_positions": 1024, "vocab_size": 50257, "eos_token_id": 50256,
             "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05}
            """);

    // When
    ModelConfig config = ModelConfigFile.read(file);

    // Then
    assertThat(config)
        .isEqualTo(
            new Gpt2Config(50_257, 768, 3072, 12, 12, 1e-5, 1024, true, 50_256, "transformer."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`, \"activation_function\": \"relu\"`"
            + " | activation_function \"relu\" is not supported; only gelu_new is",
        "`, \"scale_attn_by_inverse_layer_idx\": true`"
            + " | scale_attn_by_inverse_layer_idx true is not supported; only false is",
        "`, \"n_head\": 5` | n_head 5 does not divide n_embd 32"
      })
  void shouldNameTheKeyOfGpt2ThatCannotBeComputed(String extra, String rule) throws IOException {
    // Given
    Path file =
        write(
            """
            {"architectures": ["GPT2LMHeadModel"], "n_embd": 32, "n_head": 4, "n_layer": 2,
             "vocab_size": 100%s}
            """
                .formatted(extra));

    // When
    assertThatThrownBy(() -> ModelConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + rule);
  }

  /** As Hugging Face writes it for a small encoder. */
  private static final String ENCODER =
      """
      {"architectures": ["%s"], "vocab_size": 100, "hidden_size": 32, "intermediate_size": 64,
       "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 514%s}
      """;

  @Test
  void shouldReadBertWithItsDefaults() throws IOException {
    // Given: two labels are what the writer leaves out
    Path file = write(ENCODER.formatted("BertForSequenceClassification", ""));

    // When
    ModelConfig config = ModelConfigFile.read(file);

    // Then
    EncoderNames names = new EncoderNames("bert.", "weight", "bias");
    assertThat(config)
        .isEqualTo(
            new EncoderConfig(ModelFamily.BERT, 100, 32, 64, 2, 4, 1e-12, 514, 0, 2, 2, names));
    assertThat(config.maxPositions()).isEqualTo(514);
  }

  @Test
  void shouldStartPositionsOfRobertaBehindThePaddingId() throws IOException {
    // Given
    Path file =
        write(
            ENCODER.formatted(
                "RobertaForSequenceClassification",
                ", \"id2label\": {\"0\": \"score\"}, \"type_vocab_size\": 1, \"pad_token_id\": 1"));

    // When
    ModelConfig config = ModelConfigFile.read(file);

    // Then
    EncoderNames names = new EncoderNames("roberta.", "weight", "bias");
    assertThat(config)
        .isEqualTo(
            new EncoderConfig(ModelFamily.ROBERTA, 100, 32, 64, 2, 4, 1e-12, 514, 2, 1, 1, names));
    assertThat(config.maxPositions()).isEqualTo(512);
  }

  @Test
  void shouldReadTheEncoderItWrote() throws IOException {
    // Given
    EncoderConfig config =
        new EncoderConfig(
            ModelFamily.ROBERTA,
            100,
            32,
            64,
            2,
            4,
            1e-5,
            40,
            2,
            1,
            6,
            EncoderNames.of(ModelFamily.ROBERTA));
    Path file = directory.resolve("config.json");
    EncoderConfigFile.write(config, file);

    // When
    ModelConfig read = ModelConfigFile.read(file);

    // Then
    assertThat(read).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`, \"hidden_act\": \"gelu_new\"` | hidden_act \"gelu_new\" is not supported; only gelu is",
        "`, \"position_embedding_type\": \"relative_key\"`"
            + " | position_embedding_type \"relative_key\" is not supported; only absolute is",
        "`, \"is_decoder\": true` | is_decoder true is not supported; only false is",
        "`, \"num_attention_heads\": 5` | num_attention_heads 5 does not divide hidden_size 32"
      })
  void shouldNameTheKeyOfAnEncoderThatCannotBeComputed(String extra, String rule)
      throws IOException {
    // Given
    Path file = write(ENCODER.formatted("BertForSequenceClassification", extra));

    // When
    assertThatThrownBy(() -> ModelConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + rule);
  }

  @Test
  void shouldRefuseWhatIsNotJson() throws IOException {
    // Given
    Path file = write("{\n  architectures");

    // When
    assertThatThrownBy(() -> ModelConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": not JSON at line 2: give the config.json of a Hugging Face model");
  }

  @Test
  void shouldRefuseADirectoryWithoutConfiguration() {
    // Given
    Path file = directory.resolve("config.json");

    // When
    assertThatThrownBy(() -> ModelConfigFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file + ": no such file; give a Hugging Face model directory with its config.json");
  }

  private Path write(String json) throws IOException {
    return Files.writeString(directory.resolve("config.json"), json);
  }
}
