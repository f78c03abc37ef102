package io.deltapress.app.domain;

import io.deltapress.schemas.WorkTask;

/** The lanes that tasks go to, each read by workers of its own. */
public enum Lane {
  /** Surveys, shards and checks of bases. */
  COMPRESS,
  /** Rescale factors and gates of deltas. */
  CALIBRATE,
  /** Runs of edits. */
  EDIT;

  /** Where a task belongs. */
  public static Lane of(WorkTask task) {
    if (task.getRunEdits() != null) {
      return EDIT;
    }
    return task.getCalibrate() != null || task.getMeasureGate() != null ? CALIBRATE : COMPRESS;
  }

  /** The name a person knows it by. */
  String text() {
    return switch (this) {
      case COMPRESS -> "compress";
      case CALIBRATE -> "calibrate";
      case EDIT -> "edit";
    };
  }
}
