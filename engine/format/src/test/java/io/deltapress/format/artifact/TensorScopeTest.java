package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is pruned by default is what utils/deltaprune.py of DAREx prunes. */
class TensorScopeTest {
  private static final String[] DECODER = {
    "lm_head.weight",
    "model.embed_tokens.weight",
    "model.layers.0.input_layernorm.weight",
    "model.layers.0.mlp.up_proj.weight",
    "model.layers.0.self_attn.q_proj.bias",
    "model.layers.0.self_attn.q_proj.weight",
    "model.norm.weight",
  };
  private static final String[] GPT2 = {
    "h.0.attn.c_attn.bias",
    "h.0.attn.c_attn.weight",
    "h.0.ln_1.weight",
    "h.0.mlp.c_fc.weight",
    "transformer.h.1.attn.c_proj.weight",
    "wte.weight",
  };
  private static final String[] ENCODER = {
    "bert.embeddings.LayerNorm.weight",
    "bert.encoder.layer.0.attention.self.query.weight",
    "bert.pooler.dense.bias",
    "classifier.bias",
    "classifier.dense.weight",
  };

  @TempDir Path directory;
  private Workbench bench;

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "llama, 3, '[\"*mlp*\",\"*self_attn*\"]'",
    "mistral, 3, '[\"*mlp*\",\"*self_attn*\"]'",
    "qwen2, 3, '[\"*mlp*\",\"*self_attn*\"]'",
    "mamba, 7, ",
    "'', 7, ",
  })
  void shouldPruneBlocksOfDecodersOnlyWhenFamilyIsKnown(String type, int pruned, String include)
      throws Exception {
    // Given
    directories(DECODER, "{\"sizes\": [1, {}], \"model_type\": \"" + type + "\"}");
    // When
    CompressionSummary summary = compress(CompressionSettings.builder(Method.DARE, 0.5).build());
    // Then
    assertThat(summary.shards().get(0).pruned()).isEqualTo(pruned);
    assertThat(summary.shards().get(0).whole()).isEqualTo(7 - pruned);
    assertThat(recorded("include")).isEqualTo(include);
    assertThat(recorded("exclude")).isNull();
  }

  @Test
  void shouldPruneBlocksOfGpt2WhenItsNamesAreOthers() throws Exception {
    // Given
    directories(GPT2, "{\"model_type\": \"gpt2\"}");
    // When
    CompressionSummary summary = compress(CompressionSettings.builder(Method.DARE, 0.5).build());
    // Then
    assertThat(summary.shards().get(0).tensorStatistics().keySet())
        .containsExactly(
            "h.0.attn.c_attn.bias",
            "h.0.attn.c_attn.weight",
            "h.0.mlp.c_fc.weight",
            "transformer.h.1.attn.c_proj.weight");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta"})
  void shouldPruneAllButTheClassifierWhenModelIsAnEncoder(String type) throws Exception {
    // Given
    directories(ENCODER, "{\"model_type\": \"" + type + "\"}");
    // When
    CompressionSummary summary = compress(CompressionSettings.builder(Method.DARE, 0.5).build());
    // Then
    assertThat(summary.shards().get(0).pruned()).isEqualTo(3);
    assertThat(recorded("exclude")).isEqualTo("[\"*classifier*\"]");
  }

  @Test
  void shouldLeaveTheFamilyAsideWhenTheUserSaysWhatToPrune() throws Exception {
    // Given
    directories(DECODER, "{\"model_type\": \"llama\"}");
    // When
    CompressionSummary summary =
        compress(
            CompressionSettings.builder(Method.DARE, 0.5).exclude(List.of("lm_head.*")).build());
    // Then
    assertThat(summary.shards().get(0).pruned()).isEqualTo(6);
    assertThat(recorded("include")).isNull();
    assertThat(recorded("exclude")).isEqualTo("[\"lm_head.*\"]");
  }

  @Test
  void shouldMakeSameBytesAndPlansWhenWorkersResolveTheScopeThemselves() throws Exception {
    // Given
    directories(DECODER, "{\"model_type\": \"llama\"}");
    CompressionSettings settings = CompressionSettings.builder(Method.MAGNITUDE, 0.5).build();
    CompressionSummary offline = compress(settings);
    List<String> sha256 = new ArrayList<>();
    // When
    try (Checkpoint base = Checkpoints.open(bench.path("base"));
        Checkpoint tuned = Checkpoints.open(bench.path("tuned"))) {
      List<ShardPlan> plans = DeltaSurvey.survey(base, tuned, settings, Long.MAX_VALUE);
      List<ShardPlan> resolved =
          DeltaSurvey.survey(base, tuned, TensorScope.resolve(settings, tuned), Long.MAX_VALUE);
      assertThat(plans).isEqualTo(resolved);
      sha256.add(
          new ShardCompressor(base, tuned, offline.parent(), settings, bench.cache())
              .compress(plans.get(0).of(1), bench.path("shard"), ProgressListener.none())
              .sha256());
    }
    // Then
    assertThat(ArtifactDigest.of(sha256)).isEqualTo(offline.artifact());
  }

  @Test
  void shouldPruneEverythingWhenFineTuneIsAPlainFile() throws Exception {
    // Given
    directories(DECODER, "{\"model_type\": \"llama\"}");
    // When
    try (Checkpoint file = Checkpoints.open(bench.path("tuned/model.safetensors"))) {
      CompressionSettings settings = CompressionSettings.builder(Method.DARE, 0.5).build();
      // Then
      assertThat(TensorScope.resolve(settings, file)).isEqualTo(settings);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                | configuration is not a JSON object",
        "{\"model_type\": 1} | configuration has a model_type that is no text",
        "{\"model_type\": \"bert\", \"model_type\": \"llama\"} | configuration has model_type twice",
      })
  void shouldNotGuessWhenConfigurationIsBroken(String json, String rule) throws Exception {
    // Given
    directories(DECODER, json);
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(() -> compress(CompressionSettings.builder(Method.DARE, 0.5).build()));
    // Then
    failure.withMessage("%s: %s", bench.path("tuned/config.json"), rule);
  }

  private void directories(String[] tensors, String config) throws IOException {
    Pair pair = new Pair(4);
    for (String name : tensors) {
      pair.weights(name, DType.F32, 4, 5);
    }
    Files.createDirectory(bench.path("base"));
    Files.createDirectory(bench.path("tuned"));
    pair.writeBase(bench.path("base/model.safetensors")).close();
    pair.writeFineTuned(bench.path("tuned/model.safetensors")).close();
    Files.writeString(bench.path("tuned/config.json"), config);
  }

  private CompressionSummary compress(CompressionSettings settings) throws IOException {
    try (Checkpoint base = Checkpoints.open(bench.path("base"));
        Checkpoint tuned = Checkpoints.open(bench.path("tuned"))) {
      return new DeltaCompressor(bench.cache())
          .compress(
              base, tuned, settings, bench.path("delta.safetensors"), 1, ProgressListener.none());
    }
  }

  private String recorded(String field) throws IOException {
    try (Checkpoint artifact = Checkpoints.open(bench.path("delta.safetensors"))) {
      return artifact.metadata().get(field);
    }
  }
}
