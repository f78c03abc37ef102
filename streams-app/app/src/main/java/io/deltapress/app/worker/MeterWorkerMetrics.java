package io.deltapress.app.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Counts and times the work of a worker in a Micrometer registry. */
public final class MeterWorkerMetrics implements WorkerMetrics {
  private static final String TASKS = "deltapress.worker.tasks";
  private static final String DELIVERED = "deltapress.worker.delivered";
  private static final String REJECTED = "deltapress.worker.rejected";

  private final MeterRegistry registry;

  public MeterWorkerMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void answered(String work, String outcome, Duration took) {
    registry.timer(TASKS, "work", work, "outcome", outcome).record(took);
  }

  @Override
  public void delivered(long bytes) {
    Counter.builder(DELIVERED).baseUnit("bytes").register(registry).increment(bytes);
  }

  @Override
  public void rejected(String reasonCode) {
    registry.counter(REJECTED, "reason", reasonCode).increment();
  }
}
