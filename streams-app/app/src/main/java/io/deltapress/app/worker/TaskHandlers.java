package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.Survey;
import java.io.IOException;

/** The handlers of the compress lane, one per kind of work. */
record TaskHandlers(
    BaseCheckHandler baseCheck, SurveyHandler survey, PruneShardHandler pruneShard) {

  /**
   * Does the work of a task.
   *
   * @param work what the union of the task holds
   * @return a record for the union of the result
   */
  Object handle(Object work, TaskSources sources, ProgressListener progress)
      throws IOException,
          InterruptedException,
          LocationRefusedException,
          TaskRefusedException,
          TaskFailedException {
    if (work instanceof BaseCheck check) {
      return baseCheck.handle(check, sources, progress);
    }
    if (work instanceof Survey wanted) {
      return survey.handle(wanted, sources);
    }
    if (work instanceof PruneShard prune) {
      return pruneShard.handle(prune, sources, progress);
    }
    throw new IOException("This worker does not know the work of the task; upgrade it");
  }
}
