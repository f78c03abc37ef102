package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.Survey;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The handlers of the compress lane, one per kind of work. */
record CompressHandlers(
    BaseCheckHandler baseCheck, SurveyHandler survey, PruneShardHandler pruneShard)
    implements TaskHandler {

  @Override
  public Object handle(@Nullable Object work, TaskSources sources, ProgressListener progress)
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
    throw TaskHandler.unknownWork();
  }
}
