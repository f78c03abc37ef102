package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditRequestFileTest {

  private static final Path FILE = Path.of("edits.json");

  @TempDir private Path directory;

  @Test
  void shouldReadTheFlatDialect() throws BadInputException {
    // Given
    String json =
        """
        [{"case_id": 7, "prompt": "The mother tongue of X is", "target_new": "English",
          "ground_truth": ["French", "Breton"], "subject": "X",
          "rephrase_prompt": "What does X speak?",
          "locality": {"neighborhood": {"prompt": "Y speaks", "ground_truth": "Dutch"},
                       "distracting": [{"prompt": "Z speaks", "ground_truth": [["Thai"]]}]},
          "portability": {"one_hop": {"prompt": ["X reads", "X writes"],
                                      "ground_truth": ["books", "letters"]}},
          "target_neg": "French"}]
        """;

    // When
    List<EditRequest> requests = EditRequestFile.parse(FILE, json);

    // Then
    assertThat(requests)
        .containsExactly(
            new EditRequest(
                "7",
                "The mother tongue of X is",
                "English",
                "X",
                "French",
                List.of("What does X speak?"),
                List.of(new Probe("Y speaks", "Dutch"), new Probe("Z speaks", "Thai")),
                List.of(new Probe("X reads", "books"), new Probe("X writes", "letters"))));
  }

  @Test
  void shouldReadTheFlatDialectAsZsreHasIt() throws BadInputException {
    // Given
    String json =
        """
        {"src": "Who made it?", "alt": "Ann", "answers": ["Bob"], "rephrase": "Its maker?",
         "loc": "nq question: who is it", "loc_ans": "Carl"}
        """;

    // When
    List<EditRequest> requests = EditRequestFile.parse(FILE, json);

    // Then
    assertThat(requests)
        .containsExactly(
            new EditRequest(
                "edit-1",
                "Who made it?",
                "Ann",
                null,
                "Bob",
                List.of("Its maker?"),
                List.of(new Probe("nq question: who is it", "Carl")),
                List.of()));
  }

  @Test
  void shouldReadTheTemplateDialect() throws BadInputException {
    // Given
    String json =
        """
        {"prompt": "{} plays the sport of", "subject": "LeBron James",
         "target_new": {"str": "football"}}
        {"case_id": 3, "requested_rewrite": {"prompt": "{} works in", "subject": "Ann",
           "target_new": {"str": "Rome", "id": "Q220"}, "target_true": {"str": "Oslo"}},
         "paraphrase_prompts": ["For work {} goes to"], "neighborhood_prompts": ["Bob works in"]}
        """;

    // When
    List<EditRequest> requests = EditRequestFile.parse(FILE, json);

    // Then
    assertThat(requests)
        .containsExactly(
            new EditRequest(
                "edit-1",
                "LeBron James plays the sport of",
                "football",
                "LeBron James",
                null,
                List.of(),
                List.of(),
                List.of()),
            new EditRequest(
                "3",
                "Ann works in",
                "Rome",
                "Ann",
                "Oslo",
                List.of("For work Ann goes to"),
                List.of(new Probe("Bob works in", "Oslo")),
                List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"target_new\": \"b\"} | prompt must be a string",
        "{\"prompt\": 3, \"target_new\": \"b\"} | prompt must be a string",
        "{\"prompt\": \" \", \"target_new\": \"b\"} | prompt is blank",
        "{\"prompt\": \"a\"} | target_new must be a string or {\"str\": ...}",
        "{\"prompt\": \"a\", \"target_new\": {}} | target_new must be a string or {\"str\": ...}",
        "{\"prompt\": \"a\", \"target_new\": \"\"} | target is blank",
        "{\"prompt\": \"{} a\", \"target_new\": \"b\"} | the prompt has {}, which stands for a"
            + " subject, but none is given",
        "{\"id\": [], \"prompt\": \"a\", \"target_new\": \"b\"} | id must be a string or an"
            + " integer",
        "{\"prompt\": \"a\", \"target_new\": \"b\", \"rephrase\": [1]} | rephrase must be a string",
        "{\"prompt\": \"a\", \"target_new\": \"b\", \"portability\": [\"c\"]} | a portability"
            + " prompt needs its answer",
        "{\"prompt\": \"a\", \"target_new\": \"b\", \"locality\": {\"x\": {\"prompt\": [\"c\"],"
            + " \"ground_truth\": []}}} | locality has 1 prompts and 0 answers",
        "[null] | not a JSON object",
        "7 | not a JSON object"
      })
  void shouldSayWhichRuleARequestBreaks(String json, String rule) {
    // When
    assertThatThrownBy(() -> EditRequestFile.parse(FILE, json))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "edits.json: request 1: "
                + rule
                + "; a request is {\"prompt\": \"...\", \"target_new\": \"...\"}");
  }

  @Test
  void shouldNameTheLineThatIsNoJson() {
    // When
    assertThatThrownBy(
            () -> EditRequestFile.parse(FILE, "{\"prompt\": \"a\", \"target_new\": \"b\"}\n{oops"))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "edits.json: not JSON at line 2; a request is {\"prompt\": \"...\", \"target_new\":"
                + " \"...\"}");
  }

  @Test
  void shouldRefuseAnIdThatIsTaken() {
    // When
    assertThatThrownBy(
            () ->
                EditRequestFile.parse(
                    FILE,
                    """
                    {"id": "x", "prompt": "a", "target_new": "b"}
                    {"id": "x", "prompt": "c", "target_new": "d"}
                    """))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage("edits.json: request 2: id 'x' is taken by one before; give each its own");
  }

  @Test
  void shouldSayWhatIsWrongWithAFile() throws IOException {
    // Given
    Path missing = directory.resolve("missing");
    Path empty = Files.writeString(directory.resolve("empty"), " \n");
    Path latin =
        Files.write(
            directory.resolve("latin"), "{\"a\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));

    // When, then
    assertThatThrownBy(() -> EditRequestFile.read(missing))
        .hasMessage(missing + ": no such file; give a file of edit requests");
    assertThatThrownBy(() -> EditRequestFile.read(empty))
        .hasMessage(
            empty
                + ": holds no request; a request is {\"prompt\": \"...\", \"target_new\": \"...\"}");
    assertThatThrownBy(() -> EditRequestFile.read(latin))
        .hasMessage(latin + ": not UTF-8 text; write the requests in UTF-8");
  }
}
