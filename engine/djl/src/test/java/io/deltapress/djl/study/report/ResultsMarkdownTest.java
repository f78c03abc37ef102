package io.deltapress.djl.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsMarkdownTest {

  private static final String PAGE =
      ResultsMarkdown.of(
          StudySamples.document(), List.of(new ResultsMarkdown.Picture("a.png", "What is seen.")));

  @Test
  void shouldShowScoresByTechniqueAndRateWithTheBestInBold() {
    // Then
    assertThat(PAGE)
        .contains(
            """
            ### router

            | technique | p = 0.9 | p = 0.99 |
            |---|---|---|
            | DARE | 0.990 ± 0.014 | 0.150 ± 0.071 |
            | DAREx-q, q_e | **1.000 ± 0.000** | **0.930 ± 0.042** |
            | DAREx-q, shaped | | 0.850 ± 0.071 |
            | magnitude | 0.500 | |
            """);
  }

  @Test
  void shouldShowTheFactorsOfTechniquesThatSearchOnly() {
    // Then
    assertThat(PAGE)
        .contains(
            """
            | technique | p = 0.9 | p = 0.99 |
            |---|---|---|
            | DAREx-q, q_e | 0.2 | 0.02 |
            | DAREx-q, shaped | | 0.02 |
            """);
  }

  @Test
  void shouldShowWhatTheFileWeighsAndWhetherTheTestBearsItOut() {
    // Then
    assertThat(PAGE)
        .contains(
            "| router | DARE | int8 | 0.995 | 0.0125 | 10,000 | **200x** | 25.0 % | 267x | 0.995 |"
                + " 0.985 ± 0.010 | no (0.015) |\n")
        .contains("| 1,048,576 | 0.99 | int4 | 2,097,152 | 5,300 | 396x |\n")
        .contains("none was rerun here");
  }

  @Test
  void shouldSayHowItWasMade() {
    // Then
    assertThat(PAGE)
        .startsWith("# Study: DAREx on the reference models\n\n")
        .contains("```\ndeltapress study darex --out DIR\n```")
        .contains("| commit | c0ffee |\n")
        .contains("| took | 1.5 minutes |\n")
        .contains("| mask seeds | 1, 2 |\n")
        .contains("![What is seen.](a.png)")
        .contains("**DARE collapses at high p where DAREx-q holds: shown.**");
  }
}
