package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Does the work of a lane. */
interface TaskHandler extends AutoCloseable {

  /**
   * Does the work of a task.
   *
   * @param work what the task holds; null for a kind of work that a later release added
   * @return a record for the result
   */
  Object handle(@Nullable Object work, TaskSources sources, ProgressListener progress)
      throws IOException,
          InterruptedException,
          LocationRefusedException,
          TaskRefusedException,
          TaskFailedException;

  /** Lets go of what is kept between tasks. */
  @Override
  default void close() {}

  /** What a task ends with that a later release, or another lane, should have taken. */
  static IOException unknownWork() {
    return new IOException("This worker does not know the work of the task; upgrade it");
  }
}
