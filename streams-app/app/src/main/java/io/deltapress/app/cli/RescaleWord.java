package io.deltapress.app.cli;

import io.deltapress.djl.rescale.RescaleStrategy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What {@code --rescale} takes instead of a number. */
enum RescaleWord {
  OUTPUT_CHANGE("output-change", RescaleStrategy.GLOBAL),
  VALIDATION("validation", RescaleStrategy.GLOBAL),
  ANALYTIC("analytic", RescaleStrategy.ANALYTIC),
  SHAPED("shaped", RescaleStrategy.SHAPED),
  GRADIENT("gradient", RescaleStrategy.GRADIENT);

  private final String word;
  private final RescaleStrategy strategy;

  RescaleWord(String word, RescaleStrategy strategy) {
    this.word = word;
    this.strategy = strategy;
  }

  String word() {
    return word;
  }

  RescaleStrategy strategy() {
    return strategy;
  }

  static Optional<RescaleWord> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(RescaleWord::word).toList();
  }
}
