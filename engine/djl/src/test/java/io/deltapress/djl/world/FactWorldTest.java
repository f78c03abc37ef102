package io.deltapress.djl.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.djl.evaluate.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FactWorldTest {

  private static final FactWorld WORLD = new FactWorld(1);

  @Test
  void shouldGiveTheSameWorldForTheSameSeed() {
    // When
    FactWorld again = new FactWorld(1);

    // Then
    assertThat(again.trainingTasks()).isEqualTo(WORLD.trainingTasks());
    assertThat(again.vocabulary()).isEqualTo(WORLD.vocabulary());
  }

  @Test
  void shouldKnowEveryFactInFivePhrasings() {
    // When
    List<Task> all = new ArrayList<>(WORLD.trainingTasks());
    all.addAll(WORLD.unseenTasks());

    // Then
    assertThat(all).hasSize(250 * 8 * 5).doesNotHaveDuplicates();
  }

  @Test
  void shouldKeepUnseenPhrasingsFromTraining() {
    // When
    Set<String> training = prompts(WORLD.trainingTasks());

    // Then
    assertThat(prompts(WORLD.unseenTasks()))
        .hasSizeGreaterThan(500)
        .doesNotContainAnyElementsOf(training);
  }

  @Test
  void shouldUseWordsOfItsVocabularyOnly() {
    // Given
    Set<String> vocabulary = new HashSet<>(WORLD.vocabulary());
    List<Task> all = new ArrayList<>(WORLD.trainingTasks());
    all.addAll(WORLD.newFacts(1, 20).training());
    all.addAll(new TicketRouting(WORLD).split().training());

    // When
    Set<String> used =
        all.stream()
            .flatMap(task -> Arrays.stream((task.prompt() + " " + task.answer()).split(" ")))
            .collect(Collectors.toSet());

    // Then
    assertThat(vocabulary).containsAll(used).hasSize(WORLD.vocabulary().size());
  }

  @Test
  void shouldKeepTrainingValidationAndTestOfNewFactsApart() {
    // When
    TaskSplit split = WORLD.newFacts(0, 20);

    // Then
    List<Task> all = new ArrayList<>(split.training());
    all.addAll(split.validation());
    all.addAll(split.test());
    assertThat(all).hasSize(20 * 8 * 5).doesNotHaveDuplicates();
    assertThat(split.validation()).hasSize(80);
    assertThat(split.test()).hasSize(80);
  }

  @Test
  void shouldTellTenantsAboutEntitiesNobodyElseKnows() {
    // When
    Set<String> known = prompts(WORLD.trainingTasks());
    Set<String> first = prompts(WORLD.newFacts(0, 20).training());
    Set<String> second = prompts(WORLD.newFacts(1, 20).training());

    // Then
    assertThat(first).doesNotContainAnyElementsOf(known).doesNotContainAnyElementsOf(second);
    assertThat(second).doesNotContainAnyElementsOf(known);
  }

  private static Set<String> prompts(List<Task> tasks) {
    return tasks.stream().map(Task::prompt).collect(Collectors.toSet());
  }
}
