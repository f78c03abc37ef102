package io.deltapress.app.cli;

import io.deltapress.djl.study.StudyListener;
import org.jspecify.annotations.Nullable;

/** Parts are counted; what is worked on is shown beside. */
final class StudyProgress implements StudyListener, AutoCloseable {
  private final Shell shell;
  private @Nullable Progress progress;

  StudyProgress(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void begun(int parts) {
    progress = Progress.of(shell, "study", Progress.Unit.PARTS, parts);
  }

  @Override
  public void done() {
    if (progress != null) {
      progress.advanced(1);
    }
  }

  @Override
  public void working(String text) {
    if (progress != null) {
      progress.detail(text);
      progress.advanced(0);
    }
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
