package io.deltapress.app.processor;

import io.deltapress.app.domain.BaseFact;
import io.deltapress.app.domain.RequestSource;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.WorkResult;

/** What reaches the planner, by three ways. */
public sealed interface PlannerInput {
  /** A submission, in the order of its model. */
  record Submitted(DeltaSubmission submission, RequestSource source) implements PlannerInput {}

  /** The answer to a task of a delta. */
  record Answered(WorkResult result) implements PlannerInput {}

  /** The verdict about a base. */
  record BaseVerdict(BaseFact base) implements PlannerInput {}
}
