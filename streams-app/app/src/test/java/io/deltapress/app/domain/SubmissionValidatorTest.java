package io.deltapress.app.domain;

import static io.deltapress.app.domain.Examples.SOURCE;
import static io.deltapress.app.domain.Examples.submission;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.ValueCode;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SubmissionValidatorTest {
  private final SubmissionValidator validator =
      new SubmissionValidator((tenant, topic) -> !tenant.equals("stranger"));

  private static Arguments row(
      UnaryOperator<DeltaSubmission.Builder> change, ReasonCode reason, String message) {
    return arguments(change.apply(submission("s-1", 1)).build(), reason, message);
  }

  static Stream<Arguments> wrongSubmissions() {
    return Stream.of(
        row(
            s -> s.setSubmissionId("../s"),
            ReasonCode.INVALID_NAME,
            "submission id \"../s\" is not allowed: use 1 to 128 of A-Z a-z 0-9 . _ - and end with"
                + " a letter or digit"),
        row(
            s -> s.setTenant("Acme"),
            ReasonCode.INVALID_NAME,
            "tenant \"Acme\" is not allowed: use 1 to 63 of a-z 0-9 . _ - and start and end with a"
                + " letter or digit"),
        row(
            s -> s.setModel("a..b"),
            ReasonCode.INVALID_NAME,
            "model \"a..b\" is not allowed: use 1 to 63 of a-z 0-9 . _ - and start and end with a"
                + " letter or digit"),
        row(
            s -> s.setModel("x\ny"),
            ReasonCode.INVALID_NAME,
            "model \"x?y\" is not allowed: use 1 to 63 of a-z 0-9 . _ - and start and end with a"
                + " letter or digit"),
        row(
            s -> s.setTenant("stranger"),
            ReasonCode.TENANT_NOT_ALLOWED,
            "records of topic deltapress.deltas.submitted may not name tenant stranger: submit on a"
                + " topic listed in tenants.stranger.topics"),
        row(
            s -> s.setRequestedBy(" "),
            ReasonCode.INVALID_REQUEST,
            "requestedBy is empty: name the person or service that asks"),
        row(
            s -> s.setFineTunedLocation(""),
            ReasonCode.INVALID_REQUEST,
            "fineTunedLocation is empty: say where the fine-tuned weights are"),
        row(
            s -> s.setBaseDigest("abc"),
            ReasonCode.INVALID_REQUEST,
            "baseDigest \"abc\" is not a weights digest: it has 64 characters of 0-9 a-f"),
        row(
            s -> s.setFineTunedDigest("A".repeat(64)),
            ReasonCode.INVALID_REQUEST,
            "fineTunedDigest \""
                + "A".repeat(64)
                + "\" is not a weights digest: it has 64 characters of 0-9 a-f"),
        row(
            s -> s.setMethod(CompressionMethod.UNKNOWN),
            ReasonCode.INVALID_REQUEST,
            "method is unknown to this release: use DARE, DAREX_Q, MAGNITUDE or STRUCTURAL"),
        row(
            s -> s.setValues(ValueCode.UNKNOWN),
            ReasonCode.INVALID_REQUEST,
            "values is unknown to this release: use EXACT, BF16, F16, INT8 or INT4"),
        row(
            s -> s.setPruneRate(Double.NaN),
            ReasonCode.INVALID_REQUEST,
            "pruneRate NaN is not a probability: use 0 to 1"),
        row(
            s -> s.setPruneRate(1.1),
            ReasonCode.INVALID_REQUEST,
            "pruneRate 1.1 is not a probability: use 0 to 1"),
        row(
            s -> s.setRescale(0.5),
            ReasonCode.INVALID_REQUEST,
            "rescale 0.5 does not fit DARE at pruneRate 0.99: leave it out, or use DAREX_Q"),
        row(
            s -> s.setMethod(CompressionMethod.DAREX_Q),
            ReasonCode.INVALID_REQUEST,
            "rescale is missing: DAREX_Q needs the factor q to divide by"),
        row(
            s -> s.setMethod(CompressionMethod.DAREX_Q).setRescale(0.001),
            ReasonCode.INVALID_REQUEST,
            "rescale 0.001 does not fit DAREX_Q at pruneRate 0.99: use a number that is positive"
                + " and at least 1 - pruneRate"),
        row(
            s -> s.setExpectedVersion(-1),
            ReasonCode.INVALID_REQUEST,
            "expectedVersion -1 is negative: use 0 for a model without a version"));
  }

  @ParameterizedTest
  @MethodSource("wrongSubmissions")
  void shouldNameTheBrokenRuleWhenSubmissionIsWrong(
      DeltaSubmission wrong, ReasonCode reason, String message) {
    // When
    Optional<Refusal> broken = validator.broken(wrong, SOURCE);

    // Then
    assertThat(broken).contains(new Refusal(reason, message));
  }

  @ParameterizedTest
  @CsvSource({
    "DARE, 0.9, , 0.1",
    "DARE, 0.9, 0.1, 0.1",
    "DARE, 0.99, 0.01, 0.01",
    "DARE, 1.0, , 1",
    "DARE, 0.0, , 1",
    "DAREX_Q, 0.99, 0.01, 0.01",
    "DAREX_Q, 0.99, 0.3, 0.3",
    "DAREX_Q, 1.0, 0.5, 0.5",
    "MAGNITUDE, 0.9, , 1",
    "MAGNITUDE, 0.9, 0.3, 1"
  })
  void shouldFillInRescaleWhenMethodImpliesIt(
      CompressionMethod method, double pruneRate, Double given, double effective) {
    // Given
    DeltaSubmission submission =
        submission("s-1", 1).setMethod(method).setPruneRate(pruneRate).setRescale(given).build();

    // When
    DeltaRequest request = validator.request(submission, SOURCE);

    // Then
    assertThat(request.rescale()).isCloseTo(effective, within(1e-12));
  }

  @Test
  void shouldDeriveTheSeedWhenNoneIsGiven() {
    // Given
    DeltaSubmission first = submission("s-1", 1).build();
    DeltaSubmission again = submission("s-2", 1).build();
    DeltaSubmission other = submission("s-3", 2).build();

    // When
    long seed = seed(first);

    // Then
    assertThat(seed).isEqualTo(seed(again)).isNotEqualTo(seed(other));
  }

  @Test
  void shouldKeepTheSeedWhenOneIsGiven() {
    // When
    long seed = seed(submission("s-1", 1).setSeed(7L).build());

    // Then
    assertThat(seed).isEqualTo(7);
  }

  private long seed(DeltaSubmission submission) {
    return validator.request(submission, SOURCE).seed();
  }
}
