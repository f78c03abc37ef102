package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter from its training to what serving engines load. */
class AdapterCommandsTest {
  @TempDir private Path directory;
  private Path base;
  private Path task;
  private Path adapter;

  @BeforeEach
  void trainAnAdapter() throws IOException {
    base = directory.resolve("base");
    task = base.resolve("tasks/router-validation.jsonl");
    adapter = directory.resolve("adapter");
    json(
        run("train", "base", "--out", base, "--steps", 1, "--batch-size", 2, "--layers", 1)
            .with("--hidden-size", 16, "--feed-forward-size", 16, "--heads", 2)
            .with("--key-value-heads", 1));
    json(
        run("train", "fine-tune", "--base", base, "--task", task, "--out", adapter)
            .with("--steps", 8, "--batch-size", 16, "--learning-rate", 0.05)
            .with("--lora-rank", 2, "--lora-alpha", 8, "--lora-targets", "*.mlp.*"));
  }

  @Test
  void shouldBeADirectoryOfPeftAndGiveTheSameScoreMergedAndCompressedWhole() throws IOException {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    JsonNode config = new ObjectMapper().readTree(adapter.resolve("adapter_config.json").toFile());
    double base = accuracy(run("evaluate", "--model", this.base, "--task", task));

    // When
    json(
        run("compress", "--base", this.base, "--fine-tuned", adapter, "--out", delta)
            .with("--prune-rate", 0));
    double merged =
        accuracy(run("evaluate", "--model", this.base, "--task", task, "--delta", adapter));
    double applied =
        accuracy(run("evaluate", "--model", this.base, "--task", task, "--delta", delta));

    // Then
    assertThat(config.path("target_modules"))
        .extracting(JsonNode::textValue)
        .containsExactly("down_proj", "gate_proj", "up_proj");
    assertThat(config.path("r").intValue()).isEqualTo(2);
    assertThat(config.path("lora_alpha").intValue()).isEqualTo(8);
    assertThat(config.path("peft_type").textValue()).isEqualTo("LORA");
    assertThat(config.path("task_type").textValue()).isEqualTo("CAUSAL_LM");
    assertThat(config.path("base_model_name_or_path").textValue()).isEqualTo(this.base.toString());
    assertThat(merged).isEqualTo(applied).isNotEqualTo(base);
  }

  @Test
  void shouldStayAnAdapterWhenItsFactorsArePruned() throws IOException {
    // Given
    Path factors = directory.resolve("factors.safetensors");
    Path exported = directory.resolve("exported");
    json(
        run("compress", "--base", base, "--fine-tuned", adapter, "--out", factors)
            .with("--prune-rate", 0, "--lora", "factors"));

    // When
    JsonNode verified = json(run("verify", "--base", base, "--delta", factors));
    json(
        run("export", "--base", base, "--delta", factors, "--out", exported)
            .with("--format", "peft-lora"));
    double score = accuracy(run("evaluate", "--model", base, "--task", task, "--delta", factors));

    // Then: nothing was dropped
    assertThat(verified.path("verified").booleanValue()).isTrue();
    for (String file : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
      assertThat(exported.resolve(file)).hasSameBinaryContentAs(adapter.resolve(file));
    }
    assertThat(score)
        .isEqualTo(accuracy(run("evaluate", "--model", base, "--task", task, "--delta", adapter)));
  }

  @Test
  void shouldTellFactorsFromWeights() {
    // Given
    Path factors = directory.resolve("factors.safetensors");
    Path other = directory.resolve("other");
    run("train", "base", "--out", other, "--steps", 1, "--batch-size", 2, "--layers", 1, "--seed")
        .with(2, "--hidden-size", 16, "--feed-forward-size", 16, "--heads", 2)
        .with("--key-value-heads", 1)
        .end();
    run("compress", "--base", base, "--fine-tuned", adapter, "--out", factors)
        .with("--lora", "factors")
        .end();

    // When
    CommandRun applied =
        run("apply", "--base", base, "--delta", factors)
            .with("--out", directory.resolve("x"))
            .end();
    CommandRun ofAnother =
        run("export", "--base", other, "--delta", factors, "--format", "peft-lora")
            .with("--out", directory.resolve("x"))
            .end();
    CommandRun evaluated =
        run("evaluate", "--model", other, "--task", task, "--delta", factors).end();
    CommandRun unknown =
        run("compress", "--base", base, "--fine-tuned", adapter, "--lora", "half")
            .with("--out", directory.resolve("x"))
            .end();

    // Then
    assertThat(applied.exitCode()).isEqualTo(3);
    assertThat(applied.err())
        .isEqualTo(
            "deltapress: %s: holds the factors of an adapter, not weights; export it as peft-lora instead%n"
                .formatted(factors));
    assertThat(ofAnother.exitCode()).isEqualTo(4);
    assertThat(ofAnother.err())
        .startsWith("deltapress: " + other + ": is not the base of the adapter, which has the")
        .hasLineCount(1);
    assertThat(evaluated.exitCode()).isEqualTo(4);
    assertThat(evaluated.err()).isEqualTo(ofAnother.err());
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .isEqualTo("deltapress: --lora half is unknown: use merged or factors%n".formatted());
    assertThat(Files.exists(directory.resolve("x"))).isFalse();
  }

  @Test
  void shouldRunAnAdapterMergedWhereItsDeltaIsMeasured() throws IOException {
    // Given
    Path delta = directory.resolve("delta.safetensors");
    Path text = Files.writeString(directory.resolve("text.jsonl"), "{\"text\": \"the of\"}\n");

    // When
    JsonNode report =
        json(
            run("compress", "--base", base, "--fine-tuned", adapter, "--out", delta)
                .with("--method", "wanda", "--prune-rate", 0.5, "--calibration", text));

    // Then
    assertThat(report.path("method").textValue()).isEqualTo("wanda");
    assertThat(json(run("verify", "--base", base, "--delta", delta)).path("verified").asBoolean())
        .isTrue();
  }

  /** A command line that is not complete yet. */
  private final class Words {
    private final String[] words;

    Words(String... words) {
      this.words = words;
    }

    Words with(Object... more) {
      String[] all = Arrays.copyOf(words, words.length + more.length);
      for (int i = 0; i < more.length; i++) {
        all[words.length + i] = more[i].toString();
      }
      return new Words(all);
    }

    CommandRun end() {
      Map<String, String> cache = Map.of("DELTAPRESS_CACHE", directory.resolve("cache").toString());
      return CommandRun.of(cache, new Stop(), words);
    }
  }

  private Words run(Object... words) {
    return new Words().with(words);
  }

  private static double accuracy(Words words) throws IOException {
    return json(words).path("tokenAccuracy").doubleValue();
  }

  private static JsonNode json(Words words) throws IOException {
    CommandRun run = words.with("--json").end();
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }
}
