package io.deltapress.app.cli;

/** Adds to a progress that the work is given up where it reports, once that is wished. */
final class StoppableProgress implements Progress {
  private final Progress shown;
  private final Stop stop;

  StoppableProgress(Progress shown, Stop stop) {
    this.shown = shown;
    this.stop = stop;
  }

  @Override
  public void advanced(long units) {
    stop.check();
    shown.advanced(units);
  }

  @Override
  public void detail(String text) {
    stop.check();
    shown.detail(text);
  }

  @Override
  public void close() {
    shown.close();
  }
}
