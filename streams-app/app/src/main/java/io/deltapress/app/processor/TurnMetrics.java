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
import io.deltapress.schemas.VersionState;
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
    if (input instanceof PlannerInput.Answered) {
      metrics.resultDropped();
    } else {
      metrics.submissionRepeated();
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
    } else if (value instanceof ModelVersion version) {
      countVersion(version);
    } else if (value instanceof RegistryEvent event) {
      countEvent(event);
    }
  }

  private void countVersion(ModelVersion version) {
    if (version.getState() != VersionState.REVOKED) {
      metrics.versionPublished();
      metrics.editsLive(version.getEdits().size() + version.getAlreadyTrue().size());
    }
  }

  private void countEvent(RegistryEvent event) {
    switch (event.getType()) {
      case EventTypes.DELTA_ACCEPTED -> metrics.submissionAccepted();
      case EventTypes.EDIT_ACCEPTED -> metrics.editAccepted();
      case EventTypes.EDIT_APPLIED -> metrics.editApplied();
      case EventTypes.EDIT_ALREADY_TRUE -> {
        // Of a new edit it comes with scores; of one that is put on a new delta it does not.
        if (event.getEdit() != null) {
          metrics.editApplied();
        }
      }
      case EventTypes.EDIT_REJECTED, EventTypes.EDIT_LOST -> metrics.editRejected();
      default -> {
        // other events tell of nothing that is counted
      }
    }
  }

  private void countTask(WorkTask task) {
    if (task.getAttempt() == 1) {
      metrics.taskIssued();
      if (task.getRunEdits() != null && !task.getRunEdits().getEdits().isEmpty()) {
        metrics.editsBatched(task.getRunEdits().getEdits().size());
      }
    } else {
      metrics.taskReissued();
    }
  }
}
