package io.deltapress.app.domain;

import static io.deltapress.app.domain.EditExamples.edit;
import static io.deltapress.app.domain.Examples.submission;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.schemas.WorkTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows of the edit lane: 3 tasks of a tenant, 4 of all. */
class FairEditWindowsTest {
  private final EditedModel world = new EditedModel();

  private void publish(String tenant, String model) {
    world.submit(submission("d-1", 1).setTenant(tenant).setModel(model).build());
    world.workOnDelta();
  }

  private void allowEdits() {
    world.under(Examples.policy("*").setEdits(EditExamples.editPolicy().build()).build());
  }

  private List<String> runs() {
    List<String> models = new ArrayList<>();
    for (WorkTask task : world.open) {
      if (task.getRunEdits() != null) {
        models.add(task.getReturnKey());
      }
    }
    return models;
  }

  @Test
  void shouldBoundTheTasksOfATenantAndOfTheLane() {
    // Given
    for (String model : List.of("a", "b", "c", "d")) {
      publish("acme", model);
      publish("bolt", model);
    }
    allowEdits();

    // When
    for (String model : List.of("a", "b", "c", "d")) {
      world.edit(edit("e-1").setModel(model));
    }
    for (String model : List.of("a", "b")) {
      world.edit(edit("e-1").setTenant("bolt").setModel(model));
    }

    // Then
    assertThat(runs()).containsExactly("acme/a", "acme/b", "acme/c", "bolt/a");
    world.answerRun();
    assertThat(runs()).containsExactly("acme/b", "acme/c", "bolt/a", "acme/d");
    world.answerRun();
    assertThat(runs()).containsExactly("acme/c", "bolt/a", "acme/d", "bolt/b");
    world.work();
    assertThat(world.ledger.modelsInWork()).isEmpty();
  }

  @Test
  void shouldNotLetAnEditWaitForShardsOfItsTenant() {
    // Given
    publish("acme", "a");
    allowEdits();
    for (String model : List.of("b", "c", "d", "e")) {
      world.submit(submission("d-2", 4).setModel(model).build());
    }

    // When
    world.edit(edit("e-1").setModel("a"));

    // Then
    assertThat(runs()).containsExactly("acme/a");
  }
}
