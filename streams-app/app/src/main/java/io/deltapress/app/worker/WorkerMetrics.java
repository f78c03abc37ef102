package io.deltapress.app.worker;

import java.time.Duration;

/** Told what a worker does, from the threads that do it. */
public interface WorkerMetrics {

  /**
   * A task was answered.
   *
   * @param work simple name of the record of the work, {@code PruneShard} for instance
   * @param outcome simple name of the record of the outcome, {@code ShardPruned} for instance
   * @param took from the start of the work to the durable answer
   */
  void answered(String work, String outcome, Duration took);

  /** Artifact bytes were made durable, as chunks or in a store. */
  void delivered(long bytes);

  /** A record of the lane was rejected, for it cannot be read or was delivered too often. */
  void rejected(String reasonCode);

  /** Metrics nobody looks at. */
  static WorkerMetrics none() {
    return new WorkerMetrics() {
      @Override
      public void answered(String work, String outcome, Duration took) {}

      @Override
      public void delivered(long bytes) {}

      @Override
      public void rejected(String reasonCode) {}
    };
  }
}
