package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.schemas.RunEdits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The handler of the edit lane and what it keeps between tasks; each slot has its own. */
record EditHandlers(EditHandler edits, EditedModels models, ShardSource shards)
    implements TaskHandler {

  @Override
  public Object handle(@Nullable Object work, TaskSources sources, ProgressListener progress)
      throws IOException,
          InterruptedException,
          LocationRefusedException,
          TaskRefusedException,
          TaskFailedException {
    if (work instanceof RunEdits run) {
      return edits.handle(run, sources, progress);
    }
    throw TaskHandler.unknownWork();
  }

  @Override
  public void close() {
    models.close();
    shards.close();
  }
}
