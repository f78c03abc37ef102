package io.deltapress.djl.world;

import io.deltapress.djl.evaluate.LabelledText;
import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.random.SplitMix64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Generates tickets and the desk each belongs to: six words, most of them about the desk's subject.
 *
 * <p>A ticket reads {@code question : w1 w2 w3 w4 w5 w6 ? answer :}; its answer is one of six
 * nouns.
 */
public final class TicketRouting {

  private static final List<Relation> DESKS =
      List.of(
          Relation.CITY,
          Relation.EMPLOYER,
          Relation.INSTRUMENT,
          Relation.FOOD,
          Relation.LANGUAGE,
          Relation.SPORT);
  private static final String BEFORE = "question :";
  private static final String AFTER = "? answer :";
  private static final int TRAINING = 2400;
  private static final int HELD = 300;
  private static final int WORDS = 6;
  private static final int WORDS_ON_SUBJECT = 5;

  private final FactWorld world;
  private final SplitMix64 random;
  private final Set<String> prompts = new HashSet<>();

  /**
   * Prepares a generator.
   *
   * @param world whose words tickets are made of
   */
  public TicketRouting(FactWorld world) {
    this.world = world;
    this.random = SplitMix64.forPurpose(world.seed(), 300);
  }

  /**
   * Generates all tickets; no ticket occurs twice.
   *
   * @return the tasks, split
   */
  public TaskSplit split() {
    TaskSplit split = TaskSplit.empty();
    fill(split.training(), TRAINING);
    fill(split.validation(), HELD);
    fill(split.test(), HELD);
    return split;
  }

  /**
   * Gives the same tickets as texts of six words, each labelled with the number of its desk.
   *
   * @return the texts, split
   */
  public LabelSplit labelled() {
    TaskSplit tasks = split();
    return new LabelSplit(
        labelled(tasks.training()), labelled(tasks.validation()), labelled(tasks.test()));
  }

  private static List<LabelledText> labelled(List<Task> tasks) {
    return tasks.stream().map(TicketRouting::labelled).toList();
  }

  private static LabelledText labelled(Task task) {
    String words =
        task.prompt().substring(BEFORE.length() + 1, task.prompt().length() - AFTER.length() - 1);
    List<String> nouns = DESKS.stream().map(Relation::noun).toList();
    return new LabelledText(words, nouns.indexOf(task.answer()));
  }

  /**
   * Says how many desks there are.
   *
   * @return number of labels
   */
  public static int desks() {
    return DESKS.size();
  }

  private void fill(List<Task> tasks, int count) {
    while (tasks.size() < count) {
      int desk = random.nextInt(DESKS.size());
      String prompt = ticket(desk);
      if (prompts.add(prompt)) {
        tasks.add(new Task(prompt, DESKS.get(desk).noun()));
      }
    }
  }

  private String ticket(int desk) {
    StringBuilder ticket = new StringBuilder(BEFORE);
    int[] order = random.permutation(WORDS);
    for (int place : order) {
      int subject =
          place < WORDS_ON_SUBJECT
              ? desk
              : (desk + 1 + random.nextInt(DESKS.size() - 1)) % DESKS.size();
      List<String> pool = world.answers(DESKS.get(subject));
      ticket.append(' ').append(pool.get(random.nextInt(pool.size())));
    }
    return ticket.append(' ').append(AFTER).toString();
  }
}
