package io.deltapress.djl.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.evaluate.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EditSequenceTest {

  private static final FactWorld WORLD = new FactWorld(1);
  private static final EditSequence SEQUENCE = EditSequence.draw(WORLD, 3, 1000, 300, 700);

  @Test
  void shouldGiveTheSameSequenceForTheSameSeedAndAnotherForAnother() {
    // When
    EditSequence again = EditSequence.draw(WORLD, 3, 1000, 300, 700);
    EditSequence other = EditSequence.draw(WORLD, 4, 1000, 300, 700);

    // Then
    assertThat(again).isEqualTo(SEQUENCE);
    assertThat(other.edits()).isNotEqualTo(SEQUENCE.edits());
  }

  @Test
  void shouldAskForEachFactInOnePartOnly() {
    // When
    List<String> prompts = new ArrayList<>();
    for (EditRequest edit : SEQUENCE.edits()) {
      prompts.add(edit.prompt());
      prompts.addAll(edit.rephrasings());
    }
    SEQUENCE.preserved().forEach(task -> prompts.add(task.prompt()));
    SEQUENCE.heldOut().forEach(task -> prompts.add(task.prompt()));

    // Then
    assertThat(prompts).hasSize(1000 * 5 + 300 * 5 + 700).doesNotHaveDuplicates();
  }

  @Test
  void shouldEditToAnotherAnswerAndShowAndAskForTheTruth() {
    // Given
    Map<String, String> truth = new HashMap<>();
    WORLD.trainingTasks().forEach(task -> truth.put(task.prompt(), task.answer()));
    WORLD.unseenTasks().forEach(task -> truth.put(task.prompt(), task.answer()));

    // When
    List<Task> kept = new ArrayList<>(SEQUENCE.preserved());
    kept.addAll(SEQUENCE.heldOut());

    // Then
    assertThat(kept).allMatch(task -> task.answer().equals(truth.get(task.prompt())));
    assertThat(SEQUENCE.edits())
        .allMatch(edit -> truth.get(edit.prompt()).equals(edit.groundTruth()))
        .noneMatch(edit -> edit.target().equals(edit.groundTruth()));
  }

  @Test
  void shouldRefuseMoreFactsThanThereAre() {
    // When
    assertThatThrownBy(() -> EditSequence.draw(WORLD, 1, 1500, 300, 300))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "1500 edits, 300 preserved and 300 held-out facts asked for, the world has 2000");
  }
}
