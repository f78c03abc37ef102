package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.app.storage.StoreUnavailableException;
import io.deltapress.format.BadInputException;
import io.deltapress.format.BadInputException.Kind;
import io.deltapress.format.IntegrityException;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.TaskRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomesTest {
  private static final TaskSources NOTHING_OPENED =
      new TaskSources(
          new Sources(SourceRoots.of("bases.roots", List.of()), Map.of()), "acme", "router");

  static Stream<Arguments> faultsOfTheRequest() {
    return Stream.of(
        Arguments.of(
            new TaskRefusedException(ReasonCode.BASE_DIGEST_MISMATCH, "why"),
            "BASE_DIGEST_MISMATCH"),
        Arguments.of(new LocationRefusedException("x", "why"), "LOCATION_NOT_ALLOWED"),
        Arguments.of(new BadInputException("why"), "UNREADABLE_WEIGHTS"),
        Arguments.of(
            BadInputException.of(Kind.MISSING_TENSOR, Path.of("m"), "t", "why"), "TENSOR_MISSING"),
        Arguments.of(
            BadInputException.of(Kind.NON_FINITE, Path.of("m"), "t", "why"), "NON_FINITE_RESULT"),
        Arguments.of(new IntegrityException("why"), "BASE_DIGEST_MISMATCH"));
  }

  @ParameterizedTest
  @MethodSource("faultsOfTheRequest")
  void shouldRefuseWhenFaultIsTheRequests(Exception cause, String reasonCode) {
    // Given a cause

    // When
    Object outcome = Outcomes.of(cause, NOTHING_OPENED);

    // Then
    assertThat(outcome).isEqualTo(new TaskRefused(reasonCode, cause.getMessage()));
  }

  @Test
  void shouldFailWithStoreWhenStoreIsDown() {
    // Given
    StoreUnavailableException cause =
        new StoreUnavailableException("The store is full", new IOException("ENOSPC"));

    // When
    Object outcome = Outcomes.of(cause, NOTHING_OPENED);

    // Then
    assertThat(outcome)
        .isEqualTo(
            new TaskFailed("STORE_UNAVAILABLE", "The store is full", cause.getClass().getName()));
  }

  @Test
  void shouldFailWithClassWhenErrorIsOurs() {
    // Given
    Error cause = new OutOfMemoryError("Java heap\nspace");

    // When
    Object outcome = Outcomes.of(cause, NOTHING_OPENED);

    // Then
    assertThat(outcome)
        .isEqualTo(
            new TaskFailed(
                "WORKER_ERROR",
                "java.lang.OutOfMemoryError: Java heap space",
                "java.lang.OutOfMemoryError"));
  }

  @Test
  void shouldCutMessageWhenItIsLong() {
    // Given
    BadInputException cause = new BadInputException("x".repeat(5000));

    // When
    TaskRefused outcome = (TaskRefused) Outcomes.of(cause, NOTHING_OPENED);

    // Then
    assertThat(outcome.getMessage()).hasSize(501).endsWith("x…");
  }

  @Test
  void shouldSayWordsOfRequestWhenMessageNamesHostPath(@TempDir Path host) throws Exception {
    // Given
    HandlerFixture fixture = HandlerFixture.in(host);
    try (TaskSources sources = fixture.taskSources()) {
      sources.fineTuned("router");
      Path file = fixture.fineTunedPath().resolve("model.safetensors");

      // When
      TaskRefused refused =
          (TaskRefused) Outcomes.of(BadInputException.of(file, "is torn"), sources);
      TaskFailed failed =
          (TaskFailed) Outcomes.of(new NoSuchFileException(file.toString()), sources);

      // Then
      assertThat(refused.getMessage()).isEqualTo("router/model.safetensors: is torn");
      assertThat(failed.getMessage())
          .isEqualTo("java.nio.file.NoSuchFileException: router/model.safetensors");
    }
  }

  @Test
  void shouldConcealPathWhenFileCannotEvenBeOpened(@TempDir Path host) throws Exception {
    // Given
    HandlerFixture fixture = HandlerFixture.in(host);
    Files.writeString(fixture.fineTunedPath().resolve("model.safetensors"), "no weights");
    try (TaskSources sources = fixture.taskSources()) {
      TaskRefused refused = null;

      // When
      try {
        sources.fineTuned("router");
      } catch (BadInputException e) {
        refused = (TaskRefused) Outcomes.of(e, sources);
      }

      // Then
      assertThat(refused).isNotNull();
      assertThat(refused.getReasonCode()).isEqualTo("UNREADABLE_WEIGHTS");
      assertThat(refused.getMessage()).startsWith("router/model.safetensors: ");
    }
  }

  @Test
  void shouldCountDeliveriesBeforeTheLastWhenQuarantined() {
    // Given a third and last delivery

    // When
    TaskFailed outcome = Outcomes.quarantined(3);

    // Then
    assertThat(outcome)
        .isEqualTo(
            new TaskFailed(
                "TASK_QUARANTINED",
                "The task was handed to workers 2 times and none of them answered;"
                    + " it was not run again",
                ""));
  }
}
