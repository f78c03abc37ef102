package io.deltapress.app.cli;

import io.deltapress.format.ProgressListener;

/**
 * Shows a person how far one piece of long work has come: a bar on a terminal, a plain line every
 * few seconds elsewhere, on stderr in both cases. Also where such work is given up when the shell
 * asks for it, since it reports progress often and holds nothing that its own {@code finally}
 * blocks do not clean up.
 */
interface Progress extends ProgressListener, AutoCloseable {

  /** Some more units are done. */
  @Override
  void advanced(long units);

  /** What is being looked at right now, in a few words. */
  void detail(String text);

  @Override
  void close();

  /** Progress of some work of known size. */
  static Progress of(Shell shell, String work, Unit unit, long total) {
    Progress shown =
        shell.errTerminal()
            ? new BarProgress(shell.err(), work, unit, total)
            : new LineProgress(shell.err(), System::nanoTime, work, unit, total);
    return new StoppableProgress(shown, shell.stop());
  }

  /** What is counted. */
  enum Unit {
    BYTES("MB", 1_000_000),
    STEPS("steps", 1),
    EXAMPLES("examples", 1),
    TASKS("tasks", 1),
    TRIALS("trials", 1),
    PARTS("parts", 1);

    private final String label;
    private final long size;

    Unit(String label, long size) {
      this.label = label;
      this.size = size;
    }

    String label() {
      return label;
    }

    /** How many counted things one shown unit stands for. */
    long size() {
      return size;
    }
  }
}
