package io.deltapress.djl.world;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.Probe;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.djl.world.FactWorld.Fact;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Edits of a world's facts: the same question, another answer of the same kind. Each has one
 * phrasing as its prompt and the other four as rephrasings. What it must not change is asked in
 * equal parts about other facts of the same entity, the same relation of other entities, and
 * anything, with the answers that the world has.
 *
 * <p>Entities are in one of two groups, and an edit asks about entities of its own group only: an
 * editor that is trained on one group has never seen a name of the other as a whole. The same seed
 * and numbers give the same edits everywhere.
 */
public final class CounterfactualEdits {

  private static final int HELD_OUT_OF = 5;

  private final FactWorld world;

  /**
   * Edits a world.
   *
   * @param world whose facts are edited
   */
  public CounterfactualEdits(FactWorld world) {
    this.world = world;
  }

  /** Which entities edits are about. */
  public enum Group {
    /** Four fifths of the entities: what editors are trained on. */
    TRAINING,
    /** The other fifth: what figures are reported on, and nothing else. */
    HELD_OUT,
    /** All entities, for long sequences of edits. */
    ALL
  }

  /**
   * Draws edits of different facts.
   *
   * @param group whose facts
   * @param count how many, at most the facts of the group
   * @param localityPrompts how many of each edit, a multiple of 3
   * @return the edits, called {@code GROUP-0001} and so on, in an order drawn at random
   */
  public List<EditRequest> draw(Group group, int count, int localityPrompts) {
    List<Fact> facts = world.facts().stream().filter(isIn(group)).toList();
    if (count < 1 || count > facts.size()) {
      throw new IllegalArgumentException(
          "%d edits asked for, the group has %d facts".formatted(count, facts.size()));
    }
    SplitMix64 random = SplitMix64.forPurpose(world.seed(), 301 + group.ordinal());
    int[] order = random.permutation(facts.size());
    List<EditRequest> edits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = group.name().toLowerCase(Locale.ROOT).replace('_', '-');
      String id = String.format(Locale.ROOT, "%s-%04d", name, i + 1);
      edits.add(edit(id, facts.get(order[i]), facts, localityPrompts, random));
    }
    return List.copyOf(edits);
  }

  private Predicate<Fact> isIn(Group group) {
    Set<String> entities = new LinkedHashSet<>();
    world.facts().forEach(fact -> entities.add(fact.entity()));
    List<String> all = List.copyOf(entities);
    int[] order = SplitMix64.forPurpose(world.seed(), 300).permutation(all.size());
    Set<String> heldOut = new LinkedHashSet<>();
    for (int i = 0; i < all.size() / HELD_OUT_OF; i++) {
      heldOut.add(all.get(order[i]));
    }
    return fact ->
        group == Group.ALL || heldOut.contains(fact.entity()) == (group == Group.HELD_OUT);
  }

  /** The edit of one fact. */
  EditRequest edit(String id, Fact fact, List<Fact> facts, int localityPrompts, SplitMix64 random) {
    int asked = random.nextInt(fact.relation().phrasings());
    List<String> rephrasings = new ArrayList<>();
    for (int phrasing = 0; phrasing < fact.relation().phrasings(); phrasing++) {
      if (phrasing != asked) {
        rephrasings.add(fact.task(phrasing).prompt());
      }
    }
    return new EditRequest(
        id,
        fact.task(asked).prompt(),
        otherAnswer(fact, random),
        fact.entity(),
        fact.answer(),
        rephrasings,
        locality(fact, facts, localityPrompts, random),
        List.of());
  }

  private String otherAnswer(Fact fact, SplitMix64 random) {
    List<String> answers = world.answers(fact.relation());
    String answer = fact.answer();
    while (answer.equals(fact.answer())) {
      answer = answers.get(random.nextInt(answers.size()));
    }
    return answer;
  }

  private static List<Probe> locality(Fact fact, List<Fact> facts, int count, SplitMix64 random) {
    List<Predicate<Fact>> kinds =
        List.of(
            other -> other.entity().equals(fact.entity()),
            other -> other.relation() == fact.relation(),
            other -> true);
    List<Probe> probes = new ArrayList<>();
    for (Predicate<Fact> kind : kinds) {
      List<Fact> others = facts.stream().filter(kind).filter(other -> !other.equals(fact)).toList();
      for (int i = 0; i < count / kinds.size(); i++) {
        Fact other = others.get(random.nextInt(others.size()));
        String prompt = other.task(random.nextInt(other.relation().phrasings())).prompt();
        probes.add(new Probe(prompt, other.answer()));
      }
    }
    return probes;
  }
}
