package io.deltapress.app.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * A plain line every few seconds, for logs and pipes. Work that ends before the first of them says
 * nothing: its result follows at once.
 */
final class LineProgress implements Progress {
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private final PrintStream err;
  private final LongSupplier nanoClock;
  private final String work;
  private final Unit unit;
  private final long total;
  private long done;
  private String detail = "";
  private long lastLineNanos;

  LineProgress(PrintStream err, LongSupplier nanoClock, String work, Unit unit, long total) {
    this.err = err;
    this.nanoClock = nanoClock;
    this.work = work;
    this.unit = unit;
    this.total = total;
    this.lastLineNanos = nanoClock.getAsLong();
  }

  @Override
  public synchronized void advanced(long units) {
    done += units;
    long now = nanoClock.getAsLong();
    if (now - lastLineNanos >= INTERVAL.toNanos()) {
      lastLineNanos = now;
      err.println(line());
    }
  }

  @Override
  public synchronized void detail(String text) {
    detail = ", " + text;
  }

  @Override
  public void close() {}

  private String line() {
    long percent = total <= 0 ? 100 : Math.min(100, Math.round(100.0 * done / total));
    return String.format(
        Locale.ROOT,
        "%s: %d %% (%d of %d %s%s)",
        work,
        percent,
        done / unit.size(),
        total / unit.size(),
        unit.label(),
        detail);
  }
}
