package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MeterWorkerMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MeterWorkerMetrics metrics = new MeterWorkerMetrics(registry);

  @Test
  void shouldTimeTasksByWorkAndOutcomeWhenAnswered() {
    // Given
    metrics.answered("PruneShard", "ShardPruned", Duration.ofMillis(300));

    // When
    metrics.answered("PruneShard", "ShardPruned", Duration.ofMillis(200));

    // Then
    var timer =
        registry
            .get("deltapress.worker.tasks")
            .tags("work", "PruneShard", "outcome", "ShardPruned")
            .timer();
    assertThat(timer.count()).isEqualTo(2);
    assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(500);
  }

  @Test
  void shouldCountBytesAndRejectionsWhenTold() {
    // Given
    metrics.delivered(700);

    // When
    metrics.rejected("UNDECODABLE_RECORD");

    // Then
    assertThat(registry.get("deltapress.worker.delivered").counter().count()).isEqualTo(700);
    assertThat(
            registry
                .get("deltapress.worker.rejected")
                .tag("reason", "UNDECODABLE_RECORD")
                .counter()
                .count())
        .isEqualTo(1);
  }
}
