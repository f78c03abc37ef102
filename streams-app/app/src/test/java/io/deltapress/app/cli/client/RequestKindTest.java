package io.deltapress.app.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.RegistryEvent;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestKindTest {

  @ParameterizedTest
  @CsvSource({
    "DELTA, " + EventTypes.HEAD_MOVED + ", published",
    "DELTA, " + EventTypes.VERSION_PUBLISHED + ", none",
    "EDIT, " + EventTypes.HEAD_MOVED + ", none",
    "EDIT, " + EventTypes.EDIT_ACCEPTED + ", none",
    "EDIT, " + EventTypes.EDIT_APPLIED + ", published",
    "EDIT, " + EventTypes.EDIT_ALREADY_TRUE + ", already-true",
    "CONTROL, " + EventTypes.HEAD_MOVED + ", none",
    "CONTROL, " + EventTypes.CONTROL_DONE + ", published"
  })
  void shouldEndWithTheEventThatSaysThatEverythingIsDone(
      RequestKind kind, String type, String end) {
    // Given
    RegistryEvent event =
        RegistryEvent.newBuilder()
            .setEventId("e")
            .setType(type)
            .setSource("tests")
            .setTime(Instant.EPOCH)
            .setTenant("acme")
            .setModel("router")
            .setSubmissionId("s")
            .setVersion(7)
            .setMessage("said")
            .build();

    // When
    Optional<SubmissionOutcome> told = kind.endToldBy(event);

    // Then
    assertThat(told)
        .isEqualTo(
            switch (end) {
              case "published" -> Optional.of(new SubmissionOutcome.Published(7));
              case "already-true" -> Optional.of(new SubmissionOutcome.AlreadyTrue(7));
              default -> Optional.empty();
            });
  }
}
