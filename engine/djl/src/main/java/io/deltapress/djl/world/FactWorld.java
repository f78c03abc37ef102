package io.deltapress.djl.world;

import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.random.SplitMix64;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A small world of facts: entities with two-word names, eight relations, five phrasings of each
 * fact. The same seed gives the same world everywhere.
 *
 * <p>Two of the phrasings are kept from training for a share of the facts, to see whether a model
 * learned facts or sentences.
 */
public final class FactWorld {

  private static final int ENTITIES = 250;
  private static final int NAME_WORDS = 100;
  private static final int ANSWERS = 60;
  private static final int COMMON_PHRASINGS = 3;
  private static final double UNSEEN_SHARE = 0.165;

  private final long seed;
  private final List<String> firstNames;
  private final List<String> lastNames;
  private final Map<Relation, List<String>> answers = new EnumMap<>(Relation.class);
  private final Set<String> knownEntities = new LinkedHashSet<>();
  private final List<Fact> facts;

  /**
   * Generates a world.
   *
   * @param seed any value
   */
  public FactWorld(long seed) {
    this.seed = seed;
    Set<String> taken = new HashSet<>();
    Relation.words().forEach(taken::add);
    Words words = new Words(SplitMix64.forPurpose(seed, 1), taken);
    this.firstNames = words.invent(NAME_WORDS, 2, "");
    this.lastNames = words.invent(NAME_WORDS, 2, "n");
    for (Relation relation : Relation.values()) {
      answers.put(relation, words.invent(ANSWERS, 2, relation.ending()));
    }
    SplitMix64 random = SplitMix64.forPurpose(seed, 2);
    this.facts = facts(entities(ENTITIES, random, knownEntities), random);
  }

  /** Entities that are not among the known ones, which they join. */
  private List<String> entities(int count, SplitMix64 random, Set<String> known) {
    List<String> entities = new ArrayList<>(count);
    while (entities.size() < count) {
      String entity =
          firstNames.get(random.nextInt(NAME_WORDS))
              + " "
              + lastNames.get(random.nextInt(NAME_WORDS));
      if (known.add(entity)) {
        entities.add(entity);
      }
    }
    return entities;
  }

  private List<Fact> facts(List<String> entities, SplitMix64 random) {
    List<Fact> result = new ArrayList<>();
    for (String entity : entities) {
      for (Relation relation : Relation.values()) {
        String answer = answers.get(relation).get(random.nextInt(ANSWERS));
        result.add(new Fact(entity, relation, answer, random.nextDouble() < UNSEEN_SHARE));
      }
    }
    return List.copyOf(result);
  }

  /**
   * Gives what a base is trained on.
   *
   * @return every fact in every phrasing but the unseen ones
   */
  public List<Task> trainingTasks() {
    return tasks(false);
  }

  /**
   * Gives what a base must have understood to answer.
   *
   * @return the facts in the phrasings that were kept from training
   */
  public List<Task> unseenTasks() {
    return tasks(true);
  }

  private List<Task> tasks(boolean unseen) {
    List<Task> tasks = new ArrayList<>();
    for (Fact fact : facts) {
      for (int phrasing = 0; phrasing < fact.relation.phrasings(); phrasing++) {
        boolean kept = fact.rarelyPhrased && phrasing >= COMMON_PHRASINGS;
        if (kept == unseen) {
          tasks.add(fact.task(phrasing));
        }
      }
    }
    return List.copyOf(tasks);
  }

  /**
   * Generates a tenant's new facts, about entities this world does not have.
   *
   * <p>Each fact keeps one phrasing from training; those of half the entities are for validation,
   * the others for the test.
   *
   * @param tenant which of the tenants, from 0; their entities differ
   * @param entityCount number of new entities, even
   * @return the tasks, split
   */
  public TaskSplit newFacts(int tenant, int entityCount) {
    Set<String> known = new LinkedHashSet<>(knownEntities);
    List<String> entities = List.of();
    for (int i = 0; i <= tenant; i++) {
      entities = entities(entityCount, SplitMix64.forPurpose(seed, 100 + i), known);
    }
    SplitMix64 random = SplitMix64.forPurpose(seed, 200 + tenant);
    TaskSplit split = TaskSplit.empty();
    List<Fact> newFacts = facts(entities, random);
    for (int i = 0; i < newFacts.size(); i++) {
      boolean forTest = i / Relation.values().length % 2 == 1;
      int kept = random.nextInt(newFacts.get(i).relation.phrasings());
      addPhrasings(newFacts.get(i), kept, split, forTest ? split.test() : split.validation());
    }
    return split;
  }

  private static void addPhrasings(Fact fact, int kept, TaskSplit split, List<Task> held) {
    for (int phrasing = 0; phrasing < fact.relation.phrasings(); phrasing++) {
      (phrasing == kept ? held : split.training()).add(fact.task(phrasing));
    }
  }

  /** Answers of one relation, for the tickets. */
  List<String> answers(Relation relation) {
    return Collections.unmodifiableList(answers.get(relation));
  }

  long seed() {
    return seed;
  }

  /**
   * Lists every word of this world.
   *
   * @return the words in a fixed order, without special tokens
   */
  public List<String> vocabulary() {
    Set<String> words = new LinkedHashSet<>();
    Relation.words().forEach(words::add);
    words.addAll(firstNames);
    words.addAll(lastNames);
    answers.values().forEach(words::addAll);
    return List.copyOf(words);
  }

  /** Every fact, entity by entity. */
  List<Fact> facts() {
    return facts;
  }

  /** Something that is so in this world. */
  record Fact(String entity, Relation relation, String answer, boolean rarelyPhrased) {
    Task task(int phrasing) {
      return new Task(relation.prompt(phrasing, entity), answer);
    }
  }
}
