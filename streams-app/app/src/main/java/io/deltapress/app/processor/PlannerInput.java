package io.deltapress.app.processor;

import io.deltapress.app.domain.BaseFact;
import io.deltapress.app.domain.GatePolicy;
import io.deltapress.app.domain.RequestSource;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.WorkResult;

/** What reaches the planner. */
public sealed interface PlannerInput {
  /** A delta, in the order of its model. */
  record Submitted(DeltaSubmission submission, RequestSource source) implements PlannerInput {}

  /** A request for an edit, in the order of its model. */
  record Edited(EditSubmission submission, RequestSource source) implements PlannerInput {}

  /** A control request, in the order of its model. */
  record Controlled(ControlRequest request, RequestSource source) implements PlannerInput {}

  /** The answer to a task of a model. */
  record Answered(WorkResult result) implements PlannerInput {}

  /** A policy that was found right. */
  record PolicySet(GatePolicy policy) implements PlannerInput {}

  /** The verdict about a base. */
  record BaseVerdict(BaseFact base) implements PlannerInput {}
}
