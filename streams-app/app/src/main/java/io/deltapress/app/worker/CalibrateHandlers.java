package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.schemas.Calibrate;
import io.deltapress.schemas.MeasureGate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The handlers of the calibrate lane, one per kind of work; each slot has its own. */
record CalibrateHandlers(CalibrateHandler calibrate, GateHandler gate, BaseSlot bases)
    implements TaskHandler {

  @Override
  public Object handle(@Nullable Object work, TaskSources sources, ProgressListener progress)
      throws IOException,
          InterruptedException,
          LocationRefusedException,
          TaskRefusedException,
          TaskFailedException {
    if (work instanceof Calibrate wanted) {
      return calibrate.handle(wanted, sources, progress);
    }
    if (work instanceof MeasureGate measure) {
      return gate.handle(measure, sources, progress);
    }
    throw TaskHandler.unknownWork();
  }

  @Override
  public void close() {
    bases.close();
  }
}
