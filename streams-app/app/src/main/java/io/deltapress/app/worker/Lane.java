package io.deltapress.app.worker;

import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.topic.ShareGroup;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.util.Locale;

/** A lane that a worker may join. */
public enum Lane {
  /** Surveys, shards to prune and checks of bases: disk and integer work. */
  COMPRESS(Topics.WORK_COMPRESS, ShareGroup.COMPRESS_WORKERS),
  /** Rescale factors to fit and gates to measure: runs models, so it needs the tensor engine. */
  CALIBRATE(Topics.WORK_CALIBRATE, ShareGroup.CALIBRATE_WORKERS);

  private final Topic<WorkTask> topic;
  private final ShareGroup group;

  Lane(Topic<WorkTask> topic, ShareGroup group) {
    this.topic = topic;
    this.group = group;
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
