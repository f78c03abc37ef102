package io.deltapress.djl.reference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.djl.edit.EditListener;
import io.deltapress.djl.edit.EditMeasure;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditRequestFile;
import io.deltapress.djl.edit.EditScores;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.Editor;
import io.deltapress.djl.edit.Editors;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.world.CounterfactualEdits;
import io.deltapress.djl.world.CounterfactualEdits.Group;
import io.deltapress.djl.world.FactWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The editor in {@code reference/} does what its README says. */
@ExtendWith(NoArraysLeft.class)
class ShippedEditorTest {

  private static final Path REFERENCE = Path.of("reference");
  private static final long LIMIT_BYTES = 4L << 20;

  @Test
  void shouldEditFactsOfEntitiesItHasNeverSeen() throws IOException {
    // Given
    List<EditRequest> requests = EditRequestFile.read(REFERENCE.resolve("tasks/edits-test.jsonl"));
    double success = 0;
    double rephrased = 0;
    double before = 0;
    double after = 0;
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        EditableModel model = EditableModel.open(manager, REFERENCE.resolve("base"));
        Editor editor = Editors.open(REFERENCE.resolve("editor").toString(), model)) {
      for (EditRequest request : requests) {
        EditMeasure measure = new EditMeasure(model, List.of(request));

        // When: each alone
        ComputedEdit edit = editor.edit(model, List.of(request), EditListener.none()).get(0);
        model.putOn(edit);
        EditScores scores = measure.after().get(0);
        model.takeOffAll();

        success += scores.rewriteAccuracy();
        rephrased += scores.rephraseAccuracy();
        before += measure.before().get(0).locality();
        after += scores.locality();
      }
    }

    // Then
    int edits = requests.size();
    assertThat(edits).isEqualTo(60);
    assertThat(success / edits).isGreaterThanOrEqualTo(.95);
    assertThat(rephrased / edits).isGreaterThanOrEqualTo(.90);
    assertThat((before - after) / edits).isLessThan(.01);
  }

  @Test
  void shouldBeTestedOnOtherEntitiesThanItIsTrainedOn() throws IOException {
    // Given
    Set<String> trained = new HashSet<>();
    for (EditRequest request : EditRequestFile.read(REFERENCE.resolve("tasks/edits-train.jsonl"))) {
      trained.add(request.subject());
    }

    // When
    List<EditRequest> tested = EditRequestFile.read(REFERENCE.resolve("tasks/edits-test.jsonl"));

    // Then: neither is a subject among them, nor does a prompt that was trained on name one
    assertThat(trained).hasSizeGreaterThan(150);
    assertThat(tested).extracting(EditRequest::subject).doesNotContainAnyElementsOf(trained);
    String all = Files.readString(REFERENCE.resolve("tasks/edits-train.jsonl"));
    for (EditRequest request : tested) {
      assertThat(all).doesNotContain(request.subject());
    }
  }

  @Test
  void shouldShipTheEditsThatTheWorldDraws() throws IOException {
    // Given
    CounterfactualEdits edits = new CounterfactualEdits(new FactWorld(1));

    // When
    List<EditRequest> drawn = edits.draw(Group.HELD_OUT, 60, 12);

    // Then
    assertThat(EditRequestFile.read(REFERENCE.resolve("tasks/edits-test.jsonl"))).isEqualTo(drawn);
  }

  @Test
  void shouldFitTheRepository() throws IOException {
    // When
    long bytes = Files.size(REFERENCE.resolve("editor/editor.safetensors"));

    // Then
    assertThat(bytes).isLessThan(LIMIT_BYTES);
  }
}
