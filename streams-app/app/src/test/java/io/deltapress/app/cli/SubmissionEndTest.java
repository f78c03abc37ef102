package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.deltapress.app.cli.client.SubmissionOutcome;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SubmissionEndTest {

  static Stream<Arguments> ends() {
    return Stream.of(
        arguments(
            new SubmissionOutcome.Rejected("VERSION_CONFLICT", "not now"),
            3,
            "submission s1 rejected, VERSION_CONFLICT: not now"),
        arguments(
            new SubmissionOutcome.Rejected("FINE_TUNED_DIGEST_MISMATCH", "others"),
            4,
            "submission s1 rejected, FINE_TUNED_DIGEST_MISMATCH: others"),
        arguments(
            new SubmissionOutcome.DeadLettered("WORKER_ERROR", "broke"),
            1,
            "submission s1 became a dead letter, WORKER_ERROR: broke"));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void shouldEndWithTheCodeOfItsReasonWhenASubmissionFails(
      SubmissionOutcome outcome, int exitNumber, String line) {
    // When
    Throwable thrown = catchThrowable(() -> SubmissionEnd.check("submission s1", outcome));

    // Then
    assertThat(Failure.of(thrown)).isEqualTo(new Failure(exitNumber, line));
  }

  @Test
  void shouldEndWellWhenAVersionWasPublished() {
    // When
    Throwable thrown =
        catchThrowable(
            () -> SubmissionEnd.check("submission s1", new SubmissionOutcome.Published(7)));

    // Then
    assertThat(thrown).isNull();
  }
}
