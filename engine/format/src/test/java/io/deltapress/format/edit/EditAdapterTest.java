package io.deltapress.format.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.Pair;
import io.deltapress.format.artifact.PythonScript;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.lora.FineTunes;
import io.deltapress.format.lora.LoraAdapter;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditAdapterTest {
  private static final String UP = "model.layers.1.mlp.up.weight";
  private static final String DOWN = "layers.1.mlp.up.weight";

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"OUTPUT_INPUT, BF16", "INPUT_OUTPUT, BF16", "OUTPUT_INPUT, F32"})
  void shouldMergeIntoTheResultOfTheListBitForBit(Orientation orientation, DType dtype)
      throws Exception {
    // Given: modules of different ranks, of which one's name is the tail of the other's
    EditBench bench =
        new EditBench(directory, 1)
            .weight(UP, dtype, orientation, 9, 7)
            .weight(DOWN, dtype, orientation, 7, 7)
            .other("bias", DType.F32, 3);
    Path adapter = bench.path("adapter");
    try (Checkpoint foundation = bench.foundation();
        EditArtifact one = bench.edit("one", bench.shift(UP, 3, 2), bench.shift(DOWN, 1));
        EditArtifact two = bench.edit("two");
        EditArtifact three = bench.edit("three", bench.shift(DOWN, 1), bench.shift(UP, 2))) {
      List<EditArtifact> edits = List.of(one, two, three);

      // When
      EditAdapter.Summary summary = EditAdapter.export(foundation, "base", edits, adapter);

      // Then
      assertThat(summary).isEqualTo(new EditAdapter.Summary(3, 2, 5, 4 * (5 * 16 + 2 * 14)));
      EditedCheckpoint edited = EditedCheckpoint.of(foundation, edits);
      try (Checkpoint merged = FineTunes.open(foundation, adapter)) {
        for (String weight : List.of(UP, DOWN)) {
          assertThat(EditBench.bytes(merged.data(weight)))
              .isEqualTo(EditBench.bytes(edited.data(weight)));
        }
      }
      EditApplier.apply(
          foundation(bench, foundation),
          edits,
          bench.path("java.safetensors"),
          ProgressListener.none());
      PythonScript.run(
          "deltapress_edits.py", foundation.path(), bench.path("python.safetensors"), adapter);
      assertThat(Pair.read(bench.path("python.safetensors")))
          .containsExactlyEntriesOf(Pair.read(bench.path("java.safetensors")));
    }
  }

  @Test
  void shouldSayHowItIsComputedInTheWordsOfPeft() throws IOException {
    // Given
    EditBench bench =
        new EditBench(directory, 2)
            .weight(UP, DType.F32, Orientation.OUTPUT_INPUT, 4, 5)
            .weight("model.layers.2.mlp.up.weight", DType.F32, Orientation.OUTPUT_INPUT, 4, 5);
    try (Checkpoint foundation = bench.foundation();
        EditArtifact edit =
            bench.edit("one", bench.shift(UP, 2), bench.shift("model.layers.2.mlp.up.weight", 1))) {

      // When
      EditAdapter.export(foundation, "org/base", List.of(edit), bench.path("adapter"));

      // Then
      String config = Files.readString(bench.path("adapter").resolve("adapter_config.json"));
      assertThat(config)
          .contains("\"base_model_name_or_path\" : \"org/base\"")
          .contains("\"r\" : 2")
          .contains("\"lora_alpha\" : 2")
          .contains("\"fan_in_fan_out\" : false")
          .contains("\"task_type\" : \"CAUSAL_LM\"")
          .containsPattern("\"rank_pattern\" : \\{[^}]*\"model.layers.2.mlp.up\" : 1\\s*}")
          .containsPattern("\"alpha_pattern\" : \\{[^}]*\"model.layers.2.mlp.up\" : 1.0\\s*}");
      try (LoraAdapter adapter = LoraAdapter.open(bench.path("adapter"))) {
        assertThat(adapter.modules().get("model.layers.1.mlp.up").scale()).isEqualTo(1);
        assertThat(adapter.modules().get("model.layers.2.mlp.up").scale()).isEqualTo(1);
      }
    }
  }

  @Test
  void shouldNameLayersAsTheClassWithTheHeadDoesWhereTheCheckpointHasNone() throws IOException {
    // Given: the first checkpoints of GPT-2
    EditBench bench =
        new EditBench(directory, 3)
            .weight("h.0.mlp.c_fc.weight", DType.F32, Orientation.INPUT_OUTPUT, 4, 5);
    Path model = Files.createDirectory(bench.path("gpt2"));
    Files.writeString(model.resolve("config.json"), "{\"model_type\": \"gpt2\"}");
    bench.foundation().close();
    Files.move(bench.path("foundation.safetensors"), model.resolve("model.safetensors"));
    try (Checkpoint foundation = Checkpoints.open(model);
        EditArtifact edit = bench.edit("one", bench.shift("h.0.mlp.c_fc.weight", 1))) {

      // When
      EditAdapter.export(foundation, "gpt2", List.of(edit), bench.path("adapter"));

      // Then
      try (LoraAdapter adapter = LoraAdapter.open(bench.path("adapter"))) {
        assertThat(adapter.modules()).containsOnlyKeys("transformer.h.0.mlp.c_fc");
      }
    }
  }

  @Test
  void shouldRefuseWhatNoAdapterCanExpress() throws IOException {
    // Given
    EditBench bench =
        new EditBench(directory, 4)
            .weight("a.weight", DType.F32, Orientation.OUTPUT_INPUT, 4, 5)
            .weight("b.weight", DType.F32, Orientation.INPUT_OUTPUT, 4, 5)
            .weight("c.kernel", DType.F32, Orientation.OUTPUT_INPUT, 4, 5);
    Path adapter = bench.path("adapter");
    try (Checkpoint foundation = bench.foundation();
        EditArtifact none = bench.edit("none");
        EditArtifact mixed =
            bench.edit("mixed", bench.shift("a.weight", 1), bench.shift("b.weight", 1));
        EditArtifact kernel = bench.edit("kernel", bench.shift("c.kernel", 1))) {

      // When
      Map<EditArtifact, String> refused =
          Map.of(
              none,
              "the edits shift no weight, so there is no adapter; use the foundation as it is",
              mixed,
              foundation.path()
                  + ": tensor 'b.weight': cannot be expressed by one adapter: other weights that"
                  + " are edited are laid out the other way; export an overwrite-patch or a"
                  + " checkpoint",
              kernel,
              foundation.path()
                  + ": tensor 'c.kernel': cannot be expressed by one adapter: it is the weight of"
                  + " no module; export an overwrite-patch or a checkpoint");

      // Then
      refused.forEach(
          (edit, message) ->
              assertThatThrownBy(
                      () -> EditAdapter.export(foundation, "base", List.of(edit), adapter))
                  .isInstanceOf(BadInputException.class)
                  .hasMessage(message));
      assertThat(adapter).doesNotExist();
    }
  }

  private static Foundation foundation(EditBench bench, Checkpoint checkpoint) throws IOException {
    return Foundation.of(checkpoint, new DigestCache(bench.path("cache")), ProgressListener.none());
  }
}
