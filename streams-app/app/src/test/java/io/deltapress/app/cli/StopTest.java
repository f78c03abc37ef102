package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopTest {
  private final Stop stop = new Stop();

  @Test
  void shouldLetTheWorkGoOnWhenNothingIsWished() {
    // When
    stop.check();

    // Then
    assertThat(stop.requested()).isFalse();
  }

  @Test
  void shouldGiveUpTheWorkWithTheNumberOfTheSignalWhenRequested() {
    // Given
    stop.request(143);

    // When
    var thrown = assertThatExceptionOfType(StoppedException.class).isThrownBy(stop::check);

    // Then
    thrown.satisfies(stopped -> assertThat(stopped.exitNumber()).isEqualTo(143));
  }

  @Test
  void shouldRunEachActionOnceWhenRequestedTwice() {
    // Given
    AtomicInteger runs = new AtomicInteger();
    stop.onRequest(runs::incrementAndGet);

    // When
    stop.request(130);
    stop.request(143);

    // Then
    assertThat(runs).hasValue(1);
    assertThat(stop.exitNumber()).isEqualTo(130);
  }

  @Test
  void shouldRunAnActionAtOnceWhenTheRequestCameBefore() {
    // Given
    AtomicInteger runs = new AtomicInteger();
    stop.request(130);

    // When
    stop.onRequest(runs::incrementAndGet);

    // Then
    assertThat(runs).hasValue(1);
  }
}
