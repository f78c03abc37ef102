package io.deltapress.app.cli;

import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.schemas.ControlRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What commands that act on what is there say of their requests; the JSON document. */
record ControlDocument(List<Request> requests) {

  /**
   * One request, of one model.
   *
   * @param outcome submitted, done, rejected or dead-lettered
   * @param version that it made, or that is the head since
   */
  record Request(
      String requestId,
      String model,
      String action,
      @Nullable List<String> editIds,
      @Nullable String dataSubject,
      @Nullable String submissionId,
      @Nullable Integer toVersion,
      String reason,
      String requestedBy,
      String outcome,
      @Nullable Integer version,
      @Nullable String reasonCode,
      @Nullable String message) {

    static Request of(ControlRequest request, @Nullable SubmissionOutcome end) {
      EndDocument ended = EndDocument.of(end, "done");
      return new Request(
          request.getRequestId(),
          request.getTenant() + "/" + request.getModel(),
          PolicyFile.spelled(request.getAction()),
          request.getEditIds().isEmpty() ? null : List.copyOf(request.getEditIds()),
          request.getDataSubject(),
          request.getSubmissionId(),
          request.getVersion(),
          request.getReason(),
          request.getRequestedBy(),
          ended.outcome(),
          ended.version(),
          ended.reasonCode(),
          ended.message());
    }

    private String what() {
      if (editIds != null) {
        return String.join(", ", editIds);
      }
      if (dataSubject != null) {
        return "all of " + dataSubject;
      }
      if (submissionId != null) {
        return submissionId;
      }
      return toVersion == null ? "-" : "version " + toVersion;
    }
  }

  static ControlDocument of(List<ControlRequest> requests, Map<String, SubmissionOutcome> ended) {
    return new ControlDocument(
        requests.stream()
            .map(request -> Request.of(request, ended.get(request.getRequestId())))
            .toList());
  }

  String text() {
    TextTable table = new TextTable("request", "model", "action", "what", "outcome");
    for (Request request : requests) {
      table.row(
          request.requestId(),
          request.model(),
          request.action(),
          Printable.of(request.what()),
          EndDocument.text(request.outcome(), request.version()));
    }
    return table.text();
  }
}
