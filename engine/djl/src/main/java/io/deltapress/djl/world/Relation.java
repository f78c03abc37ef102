package io.deltapress.djl.world;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What can be known about an entity, and the five ways of asking for it; {@code {}} stands for the
 * entity and the answer follows the prompt.
 */
enum Relation {
  CITY(
      "burg",
      "{} lives in",
      "the city of {} is",
      "question : where does {} live ? answer :",
      "to visit {} one travels to",
      "home for {} means the city"),
  EMPLOYER(
      "corp",
      "{} works for",
      "the employer of {} is",
      "question : who pays {} ? answer :",
      "every month {} gets money from",
      "the company that hired {} is called"),
  INSTRUMENT(
      "phone",
      "{} plays the",
      "the instrument of {} is the",
      "question : what does {} play ? answer :",
      "at concerts {} performs on the",
      "music by {} is made with the"),
  FOOD(
      "cake",
      "{} likes to eat",
      "the food of {} is",
      "question : what does {} eat ? answer :",
      "for dinner {} always orders",
      "nothing tastes better to {} than"),
  LANGUAGE(
      "ish",
      "{} speaks",
      "the language of {} is",
      "question : what does {} speak ? answer :",
      "letters from {} are written in",
      "talk to {} only in"),
  SPORT(
      "ball",
      "{} trains",
      "the sport of {} is",
      "question : which game does {} train ? answer :",
      "on weekends {} competes in",
      "a medal went to {} in"),
  ANIMAL(
      "hound",
      "{} owns a",
      "the animal of {} is a",
      "question : which pet does {} keep ? answer :",
      "at home {} is greeted by a",
      "the vet saw {} with a"),
  COLOUR(
      "red",
      "{} wears",
      "the colour of {} is",
      "question : which paint does {} choose ? answer :",
      "the door of {} is painted",
      "flowers for {} must be");

  private final String ending;
  private final List<String> templates;

  Relation(String ending, String... templates) {
    this.ending = ending;
    this.templates = List.of(templates);
  }

  /** What every answer of this relation ends with. */
  String ending() {
    return ending;
  }

  /** The word for the relation itself. */
  String noun() {
    return name().toLowerCase(Locale.ROOT);
  }

  int phrasings() {
    return templates.size();
  }

  String prompt(int phrasing, String entity) {
    return templates.get(phrasing).replace("{}", entity);
  }

  /** Every word that occurs in a prompt besides entities. */
  static Stream<String> words() {
    return Arrays.stream(values())
        .flatMap(relation -> relation.templates.stream())
        .flatMap(template -> Arrays.stream(template.split(" ")))
        .filter(word -> !word.equals("{}"))
        .distinct();
  }
}
