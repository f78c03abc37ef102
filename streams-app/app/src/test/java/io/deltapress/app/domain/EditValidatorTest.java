package io.deltapress.app.domain;

import static io.deltapress.app.domain.EditExamples.EDIT_SOURCE;
import static io.deltapress.app.domain.EditExamples.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.deltapress.schemas.EditProbe;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.ReasonCode;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EditValidatorTest {
  private final EditValidator validator =
      new EditValidator((tenant, topic) -> !tenant.equals("stranger"));

  private static Arguments row(
      UnaryOperator<EditSubmission.Builder> change, ReasonCode reason, String message) {
    return arguments(change.apply(edit("e-1")).build(), reason, message);
  }

  private static Arguments invalid(UnaryOperator<EditSubmission.Builder> change, String message) {
    return row(change, ReasonCode.INVALID_REQUEST, message);
  }

  static Stream<Arguments> wrongEdits() {
    return Stream.of(
        row(
            e -> e.setEditId("../e"),
            ReasonCode.INVALID_NAME,
            "edit id \"../e\" is not allowed: use 1 to 128 of A-Z a-z 0-9 . _ - and end with a letter or"
                + " digit"),
        row(
            e -> e.setTenant("stranger"),
            ReasonCode.TENANT_NOT_ALLOWED,
            "records of topic deltapress.edits.requested may not name tenant stranger: submit on a topic"
                + " listed in tenants.stranger.edit-topics"),
        invalid(
            e -> e.setRequestedBy(""),
            "requestedBy is empty: name the person or service that asks"),
        invalid(e -> e.setPrompt(" \n"), "prompt is empty: say what it is"),
        invalid(e -> e.setPrompt("s".repeat(4001)), "prompt has 4001 characters: use at most 4000"),
        invalid(e -> e.setTarget(""), "target is empty: say what it is"),
        invalid(e -> e.setTarget("s".repeat(1001)), "target has 1001 characters: use at most 1000"),
        invalid(e -> e.setSubject(""), "subject is empty: say what it is"),
        invalid(
            e -> e.setGroundTruth("s".repeat(1001)),
            "groundTruth has 1001 characters: use at most 1000"),
        invalid(
            e -> e.setRephrasings(Collections.nCopies(33, "secret")),
            "rephrasings has 33 entries: use at most 32"),
        invalid(
            e -> e.setRephrasings(List.of("fine", "")), "a rephrasing is empty: say what it is"),
        invalid(
            e -> e.setLocality(Collections.nCopies(33, new EditProbe("secret", null))),
            "locality has 33 entries: use at most 32"),
        invalid(
            e -> e.setPortability(List.of(new EditProbe("fine", ""))),
            "an answer of portability is empty: say what it is"),
        invalid(
            e -> e.setLocality(List.of(new EditProbe("", "fine"))),
            "a prompt of locality is empty: say what it is"),
        row(
            e -> e.setDataSubject("per son"),
            ReasonCode.INVALID_NAME,
            "dataSubject \"per son\" is not allowed: use 1 to 128 of A-Z a-z 0-9 . _ - and end with a"
                + " letter or digit"),
        invalid(
            e -> e.setBaseDigest("abc"),
            "baseDigest \"abc\" is not a weights digest: it has 64 characters of 0-9 a-f"),
        invalid(
            e -> e.setExpectedVersion(-1),
            "expectedVersion -1 is negative: use 0 for a model without a version"));
  }

  @ParameterizedTest
  @MethodSource("wrongEdits")
  void shouldSayWhatIsWrongWithoutRepeatingTheRequest(
      EditSubmission wrong, ReasonCode reason, String message) {
    // When
    Optional<Refusal> broken = validator.broken(wrong, EDIT_SOURCE);

    // Then
    assertThat(broken).contains(new Refusal(reason, message));
    assertThat(message).doesNotContain("secret");
  }

  @Test
  void shouldLetARightEditThroughWithEverythingItSays() {
    // Given
    EditSubmission right =
        edit("e-1").setSubject("it").setGroundTruth("old").setDataSubject("person-17").build();

    // When
    Optional<Refusal> broken = validator.broken(right, EDIT_SOURCE);

    // Then
    assertThat(broken).isEmpty();
    assertThat(EditRequest.of(right, EDIT_SOURCE).toRecord()).isEqualTo(right);
  }

  @Property(tries = 300)
  void shouldNeverRepeatTheTextWhateverItIs(@ForAll String text) {
    // Given
    String marked = "secret" + text;
    EditSubmission any =
        edit("e-1").setPrompt(marked.repeat(700)).setTarget(marked.repeat(200)).build();

    // When
    Optional<Refusal> broken = validator.broken(any, EDIT_SOURCE);

    // Then
    assertThat(broken).isPresent();
    assertThat(broken.get().message()).doesNotContain("secret");
  }
}
