package io.deltapress.app.processor;

import io.deltapress.app.domain.BaseFact;
import io.deltapress.app.domain.GatePolicy;
import io.deltapress.app.domain.RequestSource;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.WorkResult;

/** What reaches the planner, by four ways. */
public sealed interface PlannerInput {
  /** A submission, in the order of its model. */
  record Submitted(DeltaSubmission submission, RequestSource source) implements PlannerInput {}

  /** The answer to a task of a delta. */
  record Answered(WorkResult result) implements PlannerInput {}

  /** A policy that was found right. */
  record PolicySet(GatePolicy policy) implements PlannerInput {}

  /** The verdict about a base. */
  record BaseVerdict(BaseFact base) implements PlannerInput {}
}
