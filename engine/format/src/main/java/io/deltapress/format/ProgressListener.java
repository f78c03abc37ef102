package io.deltapress.format;

/** Told how far long work has come. May be called from the thread that does the work only. */
@FunctionalInterface
public interface ProgressListener {

  /**
   * Some more of the work is done.
   *
   * @param bytes bytes of the base, or of the only checkpoint there is, done since the last call
   */
  void advanced(long bytes);

  /** A listener that ignores everything. */
  static ProgressListener none() {
    return bytes -> {};
  }
}
