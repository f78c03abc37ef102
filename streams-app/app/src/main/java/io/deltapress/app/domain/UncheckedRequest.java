package io.deltapress.app.domain;

import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditSubmission;

/** A request as it came; its names are not to be trusted. */
record UncheckedRequest(
    String submissionId, String tenant, String model, String requestedBy, RequestSource source)
    implements ModelRequest {

  static UncheckedRequest of(DeltaSubmission submission, RequestSource source) {
    return new UncheckedRequest(
        submission.getSubmissionId(),
        submission.getTenant(),
        submission.getModel(),
        submission.getRequestedBy(),
        source);
  }

  static UncheckedRequest of(EditSubmission submission, RequestSource source) {
    return new UncheckedRequest(
        submission.getEditId(),
        submission.getTenant(),
        submission.getModel(),
        submission.getRequestedBy(),
        source);
  }

  static UncheckedRequest of(ControlRequest request, RequestSource source) {
    return new UncheckedRequest(
        request.getRequestId(),
        request.getTenant(),
        request.getModel(),
        request.getRequestedBy(),
        source);
  }

  /** Where the mark of the request is kept. No valid part contains a slash. */
  String markKey() {
    return modelKey() + "/" + submissionId;
  }
}
