package io.deltapress.app.worker;

import io.deltapress.schemas.StageTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the time of a task goes into: each stage lasts until the next one begins. */
final class Stages {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS = 1e9;

  private final Map<String, Double> ended = new LinkedHashMap<>();
  private final long started = System.nanoTime();
  private long last = started;

  /** Says that a stage has ended now; one that comes again adds up. */
  void ended(String stage) {
    long now = System.nanoTime();
    ended.merge(stage, (now - last) / NANOS_PER_MILLI, Double::sum);
    last = now;
  }

  List<StageTime> times() {
    return ended.entrySet().stream()
        .map(stage -> new StageTime(stage.getKey(), stage.getValue()))
        .toList();
  }

  /** From the beginning until now. */
  double seconds() {
    return (System.nanoTime() - started) / NANOS;
  }
}
