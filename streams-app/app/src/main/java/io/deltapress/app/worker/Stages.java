package io.deltapress.app.worker;

import io.deltapress.schemas.StageTime;
import java.util.ArrayList;
import java.util.List;

/** What the time of a task goes into: each stage lasts until the next one begins. */
final class Stages {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS = 1e9;

  private final List<StageTime> ended = new ArrayList<>();
  private final long started = System.nanoTime();
  private long last = started;

  /** Says that a stage has ended now. */
  void ended(String stage) {
    long now = System.nanoTime();
    ended.add(new StageTime(stage, (now - last) / NANOS_PER_MILLI));
    last = now;
  }

  List<StageTime> times() {
    return List.copyOf(ended);
  }

  /** From the beginning until now. */
  double seconds() {
    return (System.nanoTime() - started) / NANOS;
  }
}
