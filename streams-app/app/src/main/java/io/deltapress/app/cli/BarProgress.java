package io.deltapress.app.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that redraws itself, for terminals. */
final class BarProgress implements Progress {
  private static final int UPDATE_INTERVAL_MILLIS = 100;

  private final ProgressBar bar;

  BarProgress(PrintStream err, String work, Unit unit, long total) {
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(work)
            .setUnit(" " + unit.label(), unit.size())
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(UPDATE_INTERVAL_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(err))
            .build();
  }

  @Override
  public void advanced(long units) {
    bar.stepBy(units);
  }

  @Override
  public void detail(String text) {
    bar.setExtraMessage(" " + text);
  }

  @Override
  public void close() {
    bar.close();
  }
}
