package io.deltapress.app.domain;

import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.Surveyed;

/** The answers that workers gave for the delta in work; only what was counted can be asked for. */
public interface Answers {
  /** The answer to the survey. */
  Surveyed survey(DeltaRequest request);

  /** The answer to one shard. */
  ShardPruned shard(DeltaRequest request, int index);
}
