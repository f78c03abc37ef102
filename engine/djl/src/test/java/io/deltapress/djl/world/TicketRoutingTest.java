package io.deltapress.djl.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.djl.evaluate.LabelledText;
import io.deltapress.djl.evaluate.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TicketRoutingTest {

  private static final FactWorld WORLD = new FactWorld(1);
  private static final TaskSplit SPLIT = new TicketRouting(WORLD).split();

  @Test
  void shouldSplitTicketsWithoutRepeatingOne() {
    // When
    List<String> prompts = new ArrayList<>();
    SPLIT.training().forEach(task -> prompts.add(task.prompt()));
    SPLIT.validation().forEach(task -> prompts.add(task.prompt()));
    SPLIT.test().forEach(task -> prompts.add(task.prompt()));

    // Then
    assertThat(prompts).hasSize(2400 + 300 + 300).doesNotHaveDuplicates();
  }

  @Test
  void shouldTakeFiveOfSixWordsFromTheDesksSubject() {
    // When
    List<Task> tickets = SPLIT.test();

    // Then
    assertThat(tickets).allMatch(ticket -> wordsOnSubject(ticket) == 5);
  }

  @Test
  void shouldUseEveryDesk() {
    // When
    Set<String> desks = SPLIT.test().stream().map(Task::answer).collect(Collectors.toSet());

    // Then
    assertThat(desks)
        .containsExactlyInAnyOrder("city", "employer", "instrument", "food", "language", "sport");
  }

  @Test
  void shouldLabelTheSameTicketsWithTheNumberOfTheirDesk() {
    // When
    LabelSplit labelled = new TicketRouting(WORLD).labelled();

    // Then
    List<String> desks = List.of("city", "employer", "instrument", "food", "language", "sport");
    assertThat(TicketRouting.desks()).isEqualTo(desks.size());
    assertThat(labelled.training()).hasSize(2400);
    for (int i = 0; i < SPLIT.test().size(); i++) {
      LabelledText text = labelled.test().get(i);
      assertThat("question : " + text.text() + " ? answer :")
          .isEqualTo(SPLIT.test().get(i).prompt());
      assertThat(desks.get((int) text.label())).isEqualTo(SPLIT.test().get(i).answer());
    }
  }

  private static long wordsOnSubject(Task ticket) {
    List<String> pool = WORLD.answers(Relation.valueOf(ticket.answer().toUpperCase(Locale.ROOT)));
    return Arrays.stream(ticket.prompt().split(" ")).filter(pool::contains).count();
  }
}
