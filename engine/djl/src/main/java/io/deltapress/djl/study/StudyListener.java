package io.deltapress.djl.study;

/**
 * Told how far a study has come, by several threads. What it throws ends the study, which goes on
 * from there when it is run again.
 */
public interface StudyListener {

  /**
   * The amount of work is known.
   *
   * @param parts trainings, cells and rows of the study, those done earlier included
   */
  void begun(int parts);

  /** One part is done, now or in an earlier run. */
  void done();

  /**
   * Something smaller is done.
   *
   * @param text what is being worked on, in a few words
   */
  void working(String text);

  /**
   * Ignores everything.
   *
   * @return a listener that does nothing
   */
  static StudyListener none() {
    return new StudyListener() {
      @Override
      public void begun(int parts) {}

      @Override
      public void done() {}

      @Override
      public void working(String text) {}
    };
  }
}
