package io.deltapress.app.worker;

import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.topic.ShareGroup;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.util.Locale;

/** A lane that a worker may join. */
public enum Lane {
  /** Surveys, shards to prune and checks of bases: disk and integer work. */
  COMPRESS(Topics.WORK_COMPRESS, ShareGroup.COMPRESS_WORKERS, false),
  /** Rescale factors to fit and gates to measure. */
  CALIBRATE(Topics.WORK_CALIBRATE, ShareGroup.CALIBRATE_WORKERS, true),
  /** Edits to compute and to measure. */
  EDIT(Topics.WORK_EDIT, ShareGroup.EDIT_WORKERS, true);

  private final Topic<WorkTask> topic;
  private final ShareGroup group;
  private final boolean runsModels;

  Lane(Topic<WorkTask> topic, ShareGroup group, boolean runsModels) {
    this.topic = topic;
    this.group = group;
    this.runsModels = runsModels;
  }

  /** Whether its tasks run models, so that they need the tensor engine. */
  boolean runsModels() {
    return runsModels;
  }

  Topic<WorkTask> topic() {
    return topic;
  }

  ShareGroup group() {
    return group;
  }

  /** As the configuration spells it. */
  String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
