package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.importance.WandaNorms;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.Fixtures;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.djl.world.WordLevelTokenizer;
import io.deltapress.format.artifact.InputNorms;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.delta.LinearInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Families whose layers have biases, inputs first, or whose outputs are classes. */
@ExtendWith(NoArraysLeft.class)
class FamilyFitTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "BERT, GLOBAL, DAREX_Q, last hidden state change",
    "BERT, ANALYTIC, DAREX_Q, last hidden state change",
    "BERT, SHAPED, STRUCTURAL, last hidden state change",
    "BERT, GRADIENT, DAREX_Q, top-5 logit error",
    "GPT2, GLOBAL, STRUCTURAL, top-5 logit error",
    "GPT2, ANALYTIC, DAREX_Q, top-5 logit error",
    "GPT2, SHAPED, DAREX_Q, top-5 logit error"
  })
  void shouldFindFactorsThatMoveOutputsLess(
      Family family, RescaleStrategy strategy, Method method, String measured) throws IOException {
    // Given
    Path base = described(family);
    RescaleRequest request =
        RescaleRequest.byOutputChange(strategy, .9, text(), List.of(1L, 2L)).with(method);

    // When
    RescaleFit fit = new RescaleFitter().fit(base, tuned(base), request, RescaleListener.none());

    // Then: the first trial is all but plain DARE
    assertThat(fit.measured()).isEqualTo(measured);
    assertThat(fit.objective()).isLessThan(fit.trials().all().get(0).figure());
    assertThat(fit.factors().common()).isGreaterThan(.1);
    for (String weight : fit.factors().perTensor().keySet()) {
      String bias = weight.replace(".weight", ".bias");
      assertThat(fit.factors().factor(bias)).isEqualTo(fit.factors().factor(weight));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BERT", "GPT2"})
  void shouldMeasureANormPerInputOfEveryLayer(String family) throws IOException {
    // Given
    Path model = described(Family.valueOf(family));

    // When
    InputNorms norms = WandaNorms.measure(model, text());

    // Then
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel loaded = ModelDirectory.load(manager, model)) {
      assertThat(norms.byWeight()).hasSize(loaded.linearLayers().size());
      for (LinearLayer layer : loaded.linearLayers()) {
        LinearInput input = norms.byWeight().get(layer.weight());
        assertThat((long) input.inputs())
            .isEqualTo(layer.inputs(loaded.weights().get(layer.weight()).getShape()));
        assertThat(input.orientation()).isEqualTo(layer.orientation());
        assertThat(input.norm(0)).isPositive();
      }
    }
  }

  private enum Family {
    BERT("encoder/bert-regression-first-names-f16"),
    GPT2("gpt2/bare-bf16");

    private final String fixture;

    Family(String fixture) {
      this.fixture = fixture;
    }
  }

  /** The fixture with a tokenizer of a few words. */
  private Path described(Family family) throws IOException {
    Path out = Files.createDirectories(directory.resolve("base"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(Fixtures.path(family.fixture).resolve(name), out.resolve(name));
    }
    Files.writeString(
        out.resolve(TextTokenizer.NAME), WordLevelTokenizer.json(List.of("a", "b", "c", "d")));
    return out;
  }

  private Path text() throws IOException {
    return Files.writeString(
        directory.resolve("text.jsonl"),
        "{\"text\": \"a b c\", \"text_pair\": \"d d\", \"label\": 1}\n{\"text\": \"b a d\"}\n");
  }

  private Path tuned(Path base) throws IOException {
    Path out = directory.resolve("tuned");
    SplitMix64 random = new SplitMix64(4);
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, base)) {
      for (LinearLayer layer : model.linearLayers()) {
        shift(model, layer.weight(), random);
        if (layer.bias() != null) {
          shift(model, layer.bias(), random);
        }
      }
      ModelDirectory.save(model, base, out);
    }
    return out;
  }

  private static void shift(TransformerModel model, String tensor, SplitMix64 random) {
    float[] values = model.weights().read(tensor);
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (.01 * random.nextGaussian());
    }
    model.weights().write(tensor, 0, values);
  }
}
