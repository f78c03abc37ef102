package io.deltapress.app.processor;

import io.deltapress.app.domain.Output;
import io.deltapress.app.domain.PlanningDesk.Reception;
import io.deltapress.app.domain.PlanningDesk.Turn;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.WorkTask;
import java.util.List;

/** Counts what was decided by looking at the records that tell of it. */
final class TurnMetrics {
  private final PipelineMetrics metrics;

  TurnMetrics(PipelineMetrics metrics) {
    this.metrics = metrics;
  }

  void received(PlannerInput input, Turn turn) {
    if (turn.reception() == Reception.COUNTED) {
      return;
    }
    if (input instanceof PlannerInput.Submitted) {
      metrics.submissionRepeated();
    } else {
      metrics.resultDropped();
    }
  }

  void decided(List<Output> outputs) {
    outputs.forEach(output -> count(output.value()));
  }

  private void count(Object value) {
    if (value instanceof WorkTask task) {
      countTask(task);
    } else if (value instanceof Rejection rejection) {
      metrics.submissionRejected(rejection.getReasonCode());
    } else if (value instanceof DeadLetter letter) {
      metrics.deadLettered(letter.getReasonCode());
    } else if (value instanceof ModelVersion) {
      metrics.versionPublished();
    } else if (value instanceof RegistryEvent event
        && event.getType().equals(EventTypes.DELTA_ACCEPTED)) {
      metrics.submissionAccepted();
    }
  }

  private void countTask(WorkTask task) {
    if (task.getAttempt() == 1) {
      metrics.taskIssued();
    } else {
      metrics.taskReissued();
    }
  }
}
