package io.deltapress.app.domain;

import static io.deltapress.app.domain.EditExamples.CONTROL_SOURCE;
import static io.deltapress.app.domain.EditExamples.control;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.ReasonCode;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ControlValidatorTest {
  private final ControlValidator validator =
      new ControlValidator((tenant, topic) -> !tenant.equals("stranger"));

  private static Arguments row(ControlRequest.Builder wrong, ReasonCode reason, String message) {
    return arguments(wrong.build(), reason, message);
  }

  private static Arguments invalid(ControlRequest.Builder wrong, String message) {
    return row(wrong, ReasonCode.INVALID_REQUEST, message);
  }

  static Stream<Arguments> wrongRequests() {
    return Stream.of(
        row(
            control("c 1", ControlAction.SQUASH),
            ReasonCode.INVALID_NAME,
            "request id \"c 1\" is not allowed: use 1 to 128 of A-Z a-z 0-9 . _ - and end with a letter"
                + " or digit"),
        row(
            control("c-1", ControlAction.SQUASH).setTenant("stranger"),
            ReasonCode.TENANT_NOT_ALLOWED,
            "records of topic deltapress.versions.control may not name tenant stranger: submit on a"
                + " topic listed in tenants.stranger.control-topics"),
        invalid(
            control("c-1", ControlAction.UNKNOWN),
            "action is unknown to this release: use REVERT, ROLLBACK, CANCEL, ERASE, SQUASH or REFIT"),
        invalid(
            control("c-1", ControlAction.SQUASH).setReason(" "),
            "reason is empty: say why in one sentence"),
        invalid(
            control("c-1", ControlAction.SQUASH).setReason("w".repeat(501)),
            "reason has 501 characters: use at most 500"),
        invalid(control("c-1", ControlAction.REVERT), "REVERT names no edit: list them in editIds"),
        invalid(control("c-1", ControlAction.ERASE), "ERASE names no edit: list them in editIds"),
        invalid(
            control("c-1", ControlAction.REVERT).setEditIds(Collections.nCopies(257, "e-1")),
            "editIds has 257 entries: use at most 256"),
        row(
            control("c-1", ControlAction.REVERT).setEditIds(List.of("e 1")),
            ReasonCode.INVALID_NAME,
            "edit id \"e 1\" is not allowed: use 1 to 128 of A-Z a-z 0-9 . _ - and end with a letter or"
                + " digit"),
        invalid(
            control("c-1", ControlAction.ERASE)
                .setEditIds(List.of("e-1"))
                .setDataSubject("person-17"),
            "dataSubject goes with ERASE alone, and instead of editIds"),
        invalid(
            control("c-1", ControlAction.REVERT).setDataSubject("person-17"),
            "dataSubject goes with ERASE alone, and instead of editIds"),
        invalid(
            control("c-1", ControlAction.CANCEL), "CANCEL names nothing: say what in submissionId"),
        invalid(
            control("c-1", ControlAction.ROLLBACK),
            "ROLLBACK names no version: use the number of a published one"),
        invalid(
            control("c-1", ControlAction.ROLLBACK).setVersion(0),
            "ROLLBACK names no version: use the number of a published one"));
  }

  @ParameterizedTest
  @MethodSource("wrongRequests")
  void shouldSayWhatIsWrongAndWhatToDo(ControlRequest wrong, ReasonCode reason, String message) {
    // When
    Optional<Refusal> broken = validator.broken(wrong, CONTROL_SOURCE);

    // Then
    assertThat(broken).contains(new Refusal(reason, message));
  }

  static Stream<ControlRequest.Builder> rightRequests() {
    return Stream.of(
        control("c-1", ControlAction.SQUASH),
        control("c-1", ControlAction.REVERT).setEditIds(List.of("e-1")),
        control("c-1", ControlAction.ERASE).setEditIds(List.of("e-1")),
        control("c-1", ControlAction.ERASE).setDataSubject("person-17"),
        control("c-1", ControlAction.ROLLBACK).setVersion(1),
        control("c-1", ControlAction.CANCEL).setSubmissionId("s-1"));
  }

  @ParameterizedTest
  @MethodSource("rightRequests")
  void shouldLetRightRequestsThrough(ControlRequest.Builder right) {
    // When
    Optional<Refusal> broken = validator.broken(right.build(), CONTROL_SOURCE);

    // Then
    assertThat(broken).isEmpty();
  }
}
