package io.deltapress.format.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraAdapterTest {
  private static final String PREFIX = AdapterFiles.PREFIX;

  @TempDir private Path directory;

  @Test
  void shouldSortTensorsIntoLayersAndWholes() throws IOException {
    // Given
    AdapterFiles files =
        new AdapterFiles()
            .layer("model.layers.0.q", DType.BF16, 2, 5, 3)
            .tensor(PREFIX + "classifier.weight", DType.F32, 2, 5);

    // When
    try (LoraAdapter adapter = LoraAdapter.open(write(files))) {

      // Then
      assertThat(adapter.modules()).containsOnlyKeys("model.layers.0.q");
      LoraModule module = adapter.modules().get("model.layers.0.q");
      assertThat(List.of(module.inputs(), module.outputs())).containsExactly(5L, 3L);
      assertThat(module.scale()).isEqualTo(3);
      assertThat(adapter.whole())
          .containsOnlyKeys("classifier.weight")
          .containsValue(PREFIX + "classifier.weight");
    }
  }

  @Test
  void shouldTellAdaptersFromOtherDirectories() throws IOException {
    // Given
    Path adapter = write(new AdapterFiles().layer("q", DType.F32, 2, 2, 2));

    // When
    List<Boolean> found =
        List.of(
            LoraAdapter.isAdapter(adapter),
            LoraAdapter.isAdapter(directory),
            LoraAdapter.isAdapter(adapter.resolve("adapter_model.safetensors")));

    // Then
    assertThat(found).containsExactly(true, false, false);
  }

  @Test
  void shouldRefuseAFactorWithoutItsCounterpart() throws IOException {
    // Given
    AdapterFiles files = new AdapterFiles().tensor(PREFIX + "q.lora_B.weight", DType.F32, 3, 2);

    // When / Then
    assertRefused(
        files,
        "tensor 'base_model.model.q.lora_A.weight': missing, although its counterpart is there; an"
            + " adapter needs both factors");
  }

  @Test
  void shouldRefuseTrainedTokens() throws IOException {
    // Given
    String name = PREFIX + "model.embed_tokens.token_adapter.trainable_tokens_delta";
    AdapterFiles files = new AdapterFiles().tensor(name, DType.F32, 2, 4);

    // When / Then
    assertRefused(
        files,
        "tensor '"
            + name
            + "': is of a kind that is not supported; merge the adapter with PEFT instead");
  }

  @Test
  void shouldRefuseARankThatTheConfigurationDoesNotHave() throws IOException {
    // Given
    AdapterFiles files = new AdapterFiles().layer("q", DType.F32, 3, 4, 5);

    // When / Then
    assertRefused(
        files,
        "tensor 'base_model.model.q.lora_A.weight': shape is [3, 4], but the configuration asks for"
            + " [2, inputs]");
  }

  @Test
  void shouldRefuseFactorsThatAreNoMatrices() throws IOException {
    // Given
    AdapterFiles files =
        new AdapterFiles()
            .tensor(PREFIX + "c.lora_A.weight", DType.F32, 2, 3)
            .tensor(PREFIX + "c.lora_B.weight", DType.F32, 4, 2, 1, 1);

    // When / Then
    assertRefused(
        files,
        "tensor 'base_model.model.c.lora_B.weight': shape is [4, 2, 1, 1], but the configuration"
            + " asks for [outputs, 2]");
  }

  @Test
  void shouldRefuseFactorsOfATypeItDoesNotMultiply() throws IOException {
    // Given
    AdapterFiles files = new AdapterFiles().layer("q", DType.F64, 2, 4, 5);

    // When / Then
    assertRefused(
        files,
        "tensor 'base_model.model.q.lora_A.weight': dtype is F64; factors must be F32, F16 or BF16");
  }

  @Test
  void shouldRefuseNamesThatAreNoneOfAnAdapter() throws IOException {
    // Given
    AdapterFiles plain = new AdapterFiles().tensor("q.weight", DType.F32, 1);
    AdapterFiles climbing =
        new AdapterFiles().tensor(PREFIX + "../q.lora_A.weight", DType.F32, 2, 1);
    AdapterFiles embedding =
        new AdapterFiles().tensor(PREFIX + "wte.lora_embedding_A", DType.F32, 2, 1);

    // When / Then
    assertRefused(
        plain,
        "tensor 'q.weight': is no tensor of an adapter: its name must begin with base_model.model.");
    assertRefused(
        climbing,
        "tensor 'base_model.model.../q.lora_A.weight': names no module: a part of the name is"
            + " empty");
    assertRefused(
        embedding,
        "tensor 'base_model.model.wte.lora_embedding_A': is of a kind that is not supported; merge"
            + " the adapter with PEFT instead");
  }

  @Test
  void shouldRefuseALinkOutOfTheDirectory() throws IOException {
    // Given
    Path elsewhere =
        new AdapterFiles()
            .layer("q", DType.F32, 2, 2, 2)
            .writeFile(directory.resolve("elsewhere.safetensors"));
    Path adapter = Files.createDirectory(directory.resolve("linked"));
    Files.writeString(adapter.resolve("adapter_config.json"), AdapterFiles.CONFIG);
    Path link = adapter.resolve("adapter_model.safetensors");
    Files.createSymbolicLink(link, elsewhere);

    // When
    assertThatThrownBy(() -> LoraAdapter.open(adapter))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            link + ": links out of its directory; put the file itself there instead of a link");
  }

  private void assertRefused(AdapterFiles files, String rule) throws IOException {
    Path adapter = write(files);
    assertThatThrownBy(() -> LoraAdapter.open(adapter))
        .isInstanceOf(BadInputException.class)
        .hasMessage(adapter.resolve("adapter_model.safetensors") + ": " + rule);
  }

  private Path write(AdapterFiles files) throws IOException {
    return files.writeAdapter(directory.resolve("adapter"), AdapterFiles.CONFIG);
  }
}
