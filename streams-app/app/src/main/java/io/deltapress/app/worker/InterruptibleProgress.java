package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import java.util.concurrent.CancellationException;

/**
 * Ends long work soon after its thread was interrupted: tensor work does not block, so that its
 * progress is the place to look.
 */
final class InterruptibleProgress implements ProgressListener {
  @Override
  public void advanced(long bytes) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("The task was abandoned");
    }
  }
}
