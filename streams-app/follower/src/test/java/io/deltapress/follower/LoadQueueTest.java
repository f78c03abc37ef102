package io.deltapress.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.follower.follow.Backoff;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.topic.ModelKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadQueueTest {
  private static final ModelKey FIRST = new ModelKey("acme", "first");
  private static final ModelKey SECOND = new ModelKey("acme", "second");

  private final StopSignal stop = new StopSignal();
  private final LoadQueue queue =
      new LoadQueue(new Backoff(Duration.ofMillis(20), Duration.ofHours(1)), stop);

  @Test
  void shouldGiveModelOnceWhenItChangedTwice() throws InterruptedException {
    // Given
    queue.changed(List.of(FIRST, SECOND));
    queue.changed(List.of(FIRST));

    // When
    List<ModelKey> taken = List.of(queue.take(), queue.take());

    // Then
    assertThat(taken).containsExactly(FIRST, SECOND);
  }

  @Test
  void shouldGiveModelLaterWhenItFailed() throws InterruptedException {
    // Given
    long start = System.nanoTime();
    queue.failed(FIRST);

    // When
    ModelKey taken = queue.take();

    // Then
    assertThat(taken).isEqualTo(FIRST);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(19));
  }

  @Test
  void shouldGiveModelAtOnceWhenItChangedAfterManyFailures() throws InterruptedException {
    // Given
    for (int i = 0; i < 30; i++) {
      queue.failed(FIRST);
    }

    // When
    queue.changed(List.of(FIRST));

    // Then
    assertThat(queue.take()).isEqualTo(FIRST);
  }

  @Test
  void shouldGiveUpWhenFollowerIsClosing() {
    // Given
    stop.stop();

    // When / Then
    assertThatThrownBy(queue::take).isInstanceOf(CancellationException.class);
  }
}
