package io.deltapress.djl.world;

import io.deltapress.djl.random.SplitMix64;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Invents pronounceable words, none of them twice. */
final class Words {

  private static final String CONSONANTS = "bdfgklmnprstvz";
  private static final String VOWELS = "aeiou";

  private final SplitMix64 random;
  private final Set<String> used = new HashSet<>();

  /** Words that are taken already are never invented. */
  Words(SplitMix64 random, Set<String> taken) {
    this.random = random;
    used.addAll(taken);
  }

  /** As many new words, each of that many syllables before the ending. */
  List<String> invent(int count, int syllables, String ending) {
    List<String> words = new ArrayList<>(count);
    while (words.size() < count) {
      String word = word(syllables) + ending;
      if (used.add(word)) {
        words.add(word);
      }
    }
    return List.copyOf(words);
  }

  private String word(int syllables) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < syllables; i++) {
      word.append(letter(CONSONANTS)).append(letter(VOWELS));
    }
    return word.toString();
  }

  private char letter(String alphabet) {
    return alphabet.charAt(random.nextInt(alphabet.length()));
  }
}
