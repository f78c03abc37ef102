package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditRequestFile;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.Editor;
import io.deltapress.djl.edit.EditorMethod;
import io.deltapress.djl.edit.EditorSettings;
import io.deltapress.djl.edit.Editors;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.ReproducibleBits;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.Fixtures;
import io.deltapress.djl.world.WordLevelTokenizer;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoArraysLeft.class)
class EditorTrainerTest {

  private static final TrainingRecipe SHORT = new TrainingRecipe(8, 3, 1e-2, 1, 0.5, 0, 1, 0);

  @TempDir private Path directory;

  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @BeforeEach
  void writeModelAndRequests() throws IOException {
    Path model = Files.createDirectories(directory.resolve("model"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(Fixtures.path("llama/multi-head-untied-f32").resolve(file), model.resolve(file));
    }
    List<String> words = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
    Files.writeString(model.resolve("tokenizer.json"), WordLevelTokenizer.json(words));
    List<EditRequest> requests = new ArrayList<>();
    for (String word : words.subList(0, 6)) {
      requests.add(
          new EditRequest(
              word, word + " g", "k", null, null, List.of("h " + word), List.of(), List.of()));
    }
    EditRequestFile.write(directory.resolve("edits.jsonl"), requests);
  }

  private EditorOptions options(String out, EditorMethod method) {
    return new EditorOptions(
        directory.resolve("model"),
        directory.resolve("edits.jsonl"),
        directory.resolve(out),
        1,
        SHORT,
        3,
        new EditorSettings(method, List.of(), 4, 1e-2, 1, 1, 2));
  }

  /** The normaliser among them: statistics that begin anew would give other bits. */
  @ParameterizedTest
  @EnumSource
  @ReproducibleBits
  void shouldGiveTheSameBitsWhenInterruptedAndResumed(EditorMethod method) throws IOException {
    // Given
    String uninterrupted =
        EditorTrainer.run(options("whole", method), TrainingListener.none()).weightsDigest();
    EditorOptions options = options("resumed", method);
    TrainingListener interrupting =
        progress -> {
          if (progress.step() == 5) {
            throw new Interruption();
          }
        };
    assertThatThrownBy(() -> EditorTrainer.run(options, interrupting))
        .isInstanceOf(Interruption.class);

    // When
    List<Integer> steps = new ArrayList<>();
    TrainingReport report = EditorTrainer.run(options, progress -> steps.add(progress.step()));

    // Then: states are saved every three steps
    assertThat(steps).startsWith(4).endsWith(8);
    assertThat(report.weightsDigest()).isEqualTo(uninterrupted);
    assertThat(directory.resolve("resumed.training.safetensors")).doesNotExist();
  }

  /** In the published code the optimizer of the rates sees gradients of 0 only. */
  @ParameterizedTest
  @EnumSource
  void shouldMoveNetworkRatesAndStatistics(EditorMethod method) throws IOException {
    // Given
    EditorOptions options = options("editor", method);

    // When
    EditorTrainer.run(options, TrainingListener.none());

    // Then
    try (Checkpoint tensors = Checkpoints.open(options.out().resolve("editor.safetensors"))) {
      for (String tensor : tensors.tensors().keySet()) {
        long bytes = tensors.data(tensor).byteLength();
        byte[] data = new byte[Math.toIntExact(bytes)];
        tensors.data(tensor).copyTo(0, data, 0, data.length);
        if (tensor.startsWith("rate/") || tensor.endsWith("/u") || tensor.endsWith("/rows")) {
          assertThat(data).as(tensor).isNotEqualTo(new byte[data.length]);
        }
      }
    }
  }

  @Test
  void shouldOpenForTheModelItWasTrainedOnOnly() throws IOException {
    // Given
    EditorOptions options = options("editor", EditorMethod.MEND);
    EditorTrainer.run(options, TrainingListener.none());
    Path other = Files.createDirectories(directory.resolve("other"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(Fixtures.path("llama/grouped-query-tied-bf16").resolve(file), other.resolve(file));
    }
    Files.copy(options.model().resolve("tokenizer.json"), other.resolve("tokenizer.json"));
    try (var manager = TensorRuntime.newManager();
        EditableModel own = EditableModel.open(manager, options.model());
        EditableModel another = EditableModel.open(manager, other)) {

      // When
      try (Editor editor = Editors.open(options.out().toString(), own)) {
        // Then
        assertThat(editor.method()).isEqualTo("mend");
      }

      // When
      assertThatThrownBy(() -> Editors.open(options.out().toString(), another))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "%s: was trained on the base with weights digest %s, this model's base is %s; train"
                      .formatted(options.out(), own.baseDigest(), another.baseDigest())
                  + " one for it");
    }
  }
}
