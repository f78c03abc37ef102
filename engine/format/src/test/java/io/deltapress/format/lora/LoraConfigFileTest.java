package io.deltapress.format.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraConfigFileTest {
  private static final Path FILE = Path.of("adapter_config.json");

  /** As PEFT 0.14 writes it. */
  private static final String OF_PEFT =
      """
      {
        "alpha_pattern": {"layers.1.mlp.up_proj": 32},
        "auto_mapping": null,
        "base_model_name_or_path": "meta-llama/Llama-2-7b-hf",
        "bias": "none",
        "eva_config": null,
        "exclude_modules": null,
        "fan_in_fan_out": false,
        "inference_mode": true,
        "init_lora_weights": true,
        "layer_replication": null,
        "layers_pattern": null,
        "layers_to_transform": null,
        "loftq_config": {},
        "lora_alpha": 16,
        "lora_bias": false,
        "lora_dropout": 0.05,
        "megatron_config": null,
        "megatron_core": "megatron.core",
        "modules_to_save": null,
        "peft_type": "LORA",
        "r": 8,
        "rank_pattern": {"^model.layers.0.self_attn.q_proj": 4, "v_proj": 2},
        "revision": null,
        "target_modules": ["q_proj", "v_proj"],
        "task_type": "CAUSAL_LM",
        "use_dora": false,
        "use_rslora": true
      }
      """;

  @Test
  void shouldReadWhatPeftWrites() throws IOException {
    // When
    LoraConfig config = LoraConfigFile.parse(FILE, OF_PEFT);

    // Then
    assertThat(config)
        .isEqualTo(
            new LoraConfig(
                8,
                16,
                true,
                false,
                Map.of("^model.layers.0.self_attn.q_proj", 4, "v_proj", 2),
                Map.of("layers.1.mlp.up_proj", 32.0)));
  }

  @Test
  void shouldTakeRankAndScaleOfAModuleFromThePatternThatFits() throws IOException {
    // Given
    LoraConfig config = LoraConfigFile.parse(FILE, OF_PEFT);

    // When
    double usual = config.scaleOf("model.layers.0.mlp.down_proj");
    double anchored = config.scaleOf("model.layers.0.self_attn.q_proj");
    double otherPrefix = config.scaleOf("x.model.layers.0.self_attn.q_proj");
    double byEnd = config.scaleOf("model.layers.3.self_attn.v_proj");
    double ofAnother = config.scaleOf("model.layers.3.self_attn.dv_proj");
    double byAlpha = config.scaleOf("model.layers.1.mlp.up_proj");

    // Then: alpha / sqrt(r)
    assertThat(usual).isEqualTo(16 / Math.sqrt(8));
    assertThat(anchored).isEqualTo(16 / Math.sqrt(4));
    assertThat(otherPrefix).isEqualTo(usual);
    assertThat(byEnd).isEqualTo(16 / Math.sqrt(2));
    assertThat(ofAnother).isEqualTo(usual);
    assertThat(byAlpha).isEqualTo(32 / Math.sqrt(8));
  }

  @Test
  void shouldDivideAlphaByTheRankUnlessItIsStabilised() {
    // Given
    LoraConfig config = LoraConfig.of(8, 12, false);

    // When
    double scale = config.scaleOf("q");

    // Then
    assertThat(scale).isEqualTo(1.5);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'peft_type': 'IA3', 'r': 2, 'lora_alpha': 2} |"
            + " peft_type is 'IA3'; only LORA adapters can be used",
        "{'r': 2, 'lora_alpha': 2} | peft_type is missing; only LORA adapters can be used",
        "{'peft_type': 'LORA', 'lora_alpha': 2} | lacks r",
        "{'peft_type': 'LORA', 'r': 2} | lacks lora_alpha",
        "{'r': 0} | r must be a whole number from 1 to 65536, not '0'",
        "{'r': 2.5} | r must be a whole number from 1 to 65536, not '2.5'",
        "{'r': null} | r must be a whole number from 1 to 65536, not 'null'",
        "{'lora_alpha': 'x'} | lora_alpha must be a number, not 'x'",
        "{'lora_alpha': 1e999} | lora_alpha must be a number, not '1e999'",
        "{'use_rslora': 1} | use_rslora must be true or false",
        "{'rank_pattern': [1]} | rank_pattern must be an object",
        "{'rank_pattern': {'(a+)+$': 1}} | rank_pattern has the key '(a+)+$', a regular"
            + " expression; only names of modules are supported",
        "{'use_dora': true} | use_dora = 'true' is not supported; merge the adapter with PEFT and"
            + " give the merged model",
        "{'bias': 'all'} | bias = 'all' is not supported; merge the adapter with PEFT and give the"
            + " merged model",
        "{'init_lora_weights': 'pissa_niter_4'} | init_lora_weights = 'pissa_niter_4' is not"
            + " supported; merge the adapter with PEFT and give the merged model",
        "{'target_parameters': ['w']} | target_parameters = 'set' is not supported; merge the"
            + " adapter with PEFT and give the merged model",
        "{'trainable_token_indices': [1, 2]} | trainable_token_indices = 'set' is not supported;"
            + " merge the adapter with PEFT and give the merged model",
        "[] | must hold a JSON object",
        "{} {} | adapter configuration goes on after its JSON object"
      })
  void shouldNameWhatItCannotUse(String text, String rule) {
    // Given
    String json = text.replace('\'', '"');

    // When
    assertThatThrownBy(() -> LoraConfigFile.parse(FILE, json))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage("adapter_config.json: " + rule);
  }

  @ParameterizedTest
  @CsvSource({"gaussian", "eva", "orthogonal"})
  void shouldReadAdaptersWhoseBaseIsUnchangedHoweverTheyBegan(String initialisation)
      throws IOException {
    // Given
    String text =
        "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 1, \"init_lora_weights\": \"%s\"}"
            .formatted(initialisation);

    // When
    LoraConfig config = LoraConfigFile.parse(FILE, text);

    // Then
    assertThat(config.rank()).isEqualTo(1);
  }

  @Test
  void shouldEndInOneLineWhateverIsWrongWithTheText() {
    // Given
    SplittableRandom random = new SplittableRandom(8);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      StringBuilder text = new StringBuilder(OF_PEFT);
      for (int change = 0; change <= random.nextInt(3); change++) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "{}[]\",:0-eE.\n\u0000\uD800".charAt(random.nextInt(15)));
          case 2 -> text.setLength(Math.max(1, at));
          default -> text.setCharAt(at, (char) random.nextInt(256));
        }
      }

      // When
      try {
        LoraConfigFile.parse(FILE, text.toString());
      } catch (BadInputException e) {
        // Then: anything else would be thrown on
        assertThat(e.getMessage()).startsWith("adapter_config.json: ").doesNotContain("\n");
        refused++;
      } catch (IOException | RuntimeException e) {
        throw new AssertionError("on: " + text, e);
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }
}
