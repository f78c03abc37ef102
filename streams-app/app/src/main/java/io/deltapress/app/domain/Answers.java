package io.deltapress.app.domain;

import io.deltapress.schemas.Calibrated;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.Surveyed;

/** The answers that workers gave for the delta in work; only what was counted can be asked for. */
public interface Answers {
  /** The answer to the survey. */
  Surveyed survey(DeltaRequest request);

  /** What fitting a rung of the ladder found. */
  Calibrated calibrated(DeltaRequest request, int rung);

  /** The answer to one shard. */
  ShardPruned shard(DeltaRequest request, int index);
}
