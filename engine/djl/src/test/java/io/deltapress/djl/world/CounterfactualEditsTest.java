package io.deltapress.djl.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.Probe;
import io.deltapress.djl.world.CounterfactualEdits.Group;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CounterfactualEditsTest {

  private final FactWorld world = new FactWorld(3);
  private final CounterfactualEdits edits = new CounterfactualEdits(world);

  @Test
  void shouldAskForAnotherAnswerOfTheSameRelation() {
    // When
    List<EditRequest> drawn = edits.draw(Group.ALL, 1000, 3);

    // Then
    Set<String> prompts = new HashSet<>();
    for (EditRequest edit : drawn) {
      Relation relation = relationOf(edit.groundTruth());
      assertThat(world.answers(relation)).contains(edit.target());
      assertThat(edit.target()).isNotEqualTo(edit.groundTruth());
      assertThat(edit.prompt()).contains(edit.subject());
      assertThat(edit.rephrasings()).hasSize(4).doesNotContain(edit.prompt());
      prompts.add(edit.subject() + relation);
    }
    assertThat(prompts).hasSize(1000);
    assertThat(drawn).isEqualTo(edits.draw(Group.ALL, 1000, 3));
  }

  private Relation relationOf(String answer) {
    for (Relation relation : Relation.values()) {
      if (world.answers(relation).contains(answer)) {
        return relation;
      }
    }
    throw new AssertionError(answer);
  }

  @Test
  void shouldProbeTheEntityTheRelationAndAnythingElseButTheFactItself() {
    // When
    List<EditRequest> drawn = edits.draw(Group.HELD_OUT, 50, 6);

    // Then
    for (EditRequest edit : drawn) {
      Relation relation = relationOf(edit.groundTruth());
      assertThat(edit.locality()).hasSize(6);
      for (Probe probe : edit.locality().subList(0, 2)) {
        assertThat(probe.prompt()).contains(edit.subject());
        assertThat(relationOf(probe.answer())).isNotEqualTo(relation);
      }
      for (Probe probe : edit.locality().subList(2, 4)) {
        assertThat(probe.prompt()).doesNotContain(edit.subject());
        assertThat(relationOf(probe.answer())).isEqualTo(relation);
      }
    }
  }

  @Test
  void shouldKeepTheEntitiesOfTheGroupsApart() {
    // When
    List<EditRequest> training = edits.draw(Group.TRAINING, 1600, 3);
    List<EditRequest> heldOut = edits.draw(Group.HELD_OUT, 400, 3);

    // Then
    Set<String> trained = new HashSet<>();
    training.forEach(edit -> trained.add(edit.subject()));
    assertThat(heldOut).extracting(EditRequest::subject).doesNotContainAnyElementsOf(trained);
    assertThatThrownBy(() -> edits.draw(Group.HELD_OUT, 401, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("401 edits asked for, the group has 400 facts");
  }
}
