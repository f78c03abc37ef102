package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class EditRequestFilePropertyTest {

  private static final String SAMPLE =
      """
      {"case_id": 3, "requested_rewrite": {"prompt": "{} works in", "subject": "Ann",
       "target_new": {"str": "Rome"}, "target_true": {"str": "Oslo"}}, "paraphrase_prompts": ["a"],
       "neighborhood_prompts": ["b"], "locality": {"x": {"prompt": ["c"], "ground_truth": ["d"]}},
       "portability": [{"prompt": "e", "ground_truth": "f"}]}
      """;

  @Property(tries = 200)
  void shouldReadWhatItWrote(
      @ForAll @Size(min = 1, max = 4) List<@From("requests") EditRequest> drawn)
      throws IOException {
    // Given
    List<EditRequest> requests = new ArrayList<>();
    for (EditRequest request : drawn) {
      requests.add(
          new EditRequest(
              "id " + requests.size(),
              request.prompt(),
              request.target(),
              request.subject(),
              request.groundTruth(),
              request.rephrasings(),
              request.locality(),
              request.portability()));
    }
    Path file = Files.createTempFile("edits", ".jsonl");

    // When
    EditRequestFile.write(file, requests);
    List<EditRequest> read = EditRequestFile.read(file);
    Files.delete(file);

    // Then
    assertThat(read).isEqualTo(requests);
  }

  @Provide
  Arbitrary<EditRequest> requests() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .ofMinLength(1)
            .ofMaxLength(12)
            .filter(s -> !s.isBlank() && !s.contains("{}") && isWellFormed(s));
    Arbitrary<Probe> answered = Combinators.combine(text, text).as(Probe::new);
    Arbitrary<Probe> probe = Combinators.combine(text, text.injectNull(.3)).as(Probe::new);
    return Combinators.combine(
            text,
            text,
            text.injectNull(.5),
            text.injectNull(.5),
            text.list().ofMaxSize(3),
            probe.list().ofMaxSize(3),
            answered.list().ofMaxSize(2))
        .as(
            (prompt, target, subject, truth, rephrasings, locality, portability) ->
                new EditRequest(
                    "x", prompt, target, subject, truth, rephrasings, locality, portability));
  }

  private static boolean isWellFormed(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /** Fuzzing: cut, doubled and overwritten somewhere. */
  @Property(tries = 500)
  void shouldReadOrRefuseInOneLineWhateverItIsGiven(
      @ForAll int from, @ForAll int to, @ForAll char overwrite) {
    // Given
    int first = Math.floorMod(from, SAMPLE.length());
    int second = Math.floorMod(to, SAMPLE.length());
    String damaged =
        SAMPLE.substring(0, first) + overwrite + SAMPLE.substring(Math.min(first + 1, second));

    // When
    try {
      List<EditRequest> requests = EditRequestFile.parse(Path.of("f"), damaged);

      // Then
      assertThat(requests).isNotEmpty();
    } catch (BadInputException e) {
      assertThat(e).hasMessageStartingWith("f: ").hasMessageNotContaining("\n");
    }
  }
}
