package io.deltapress.app.domain;

import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A control request that was found valid.
 *
 * @param order its place among the edits and commands of its model; 0 before it has one
 * @param withdrawn edits that it took back before they were published, so that nothing is left to
 *     do for them
 */
public record Command(
    int order,
    String submissionId,
    String tenant,
    String model,
    ControlAction action,
    List<String> editIds,
    @Nullable String dataSubject,
    @Nullable String target,
    @Nullable Integer version,
    @Nullable Integer expectedVersion,
    String reason,
    String requestedBy,
    Instant submittedAt,
    RequestSource source,
    int withdrawn)
    implements ModelRequest {

  /** Copies the list, so that the command is immutable. */
  public Command {
    editIds = List.copyOf(editIds);
  }

  static Command of(ControlRequest request, RequestSource source) {
    return new Command(
        0,
        request.getRequestId(),
        request.getTenant(),
        request.getModel(),
        request.getAction(),
        request.getEditIds(),
        request.getDataSubject(),
        request.getSubmissionId(),
        request.getVersion(),
        request.getExpectedVersion(),
        request.getReason(),
        request.getRequestedBy(),
        request.getSubmittedAt(),
        source,
        0);
  }

  /** Whether it concerns that edit. */
  boolean names(EditRequest edit) {
    return editIds.contains(edit.submissionId())
        || (dataSubject != null && dataSubject.equals(edit.dataSubject()));
  }

  Command waiting(int place, int alreadyWithdrawn) {
    return new Command(
        place,
        submissionId,
        tenant,
        model,
        action,
        editIds,
        dataSubject,
        target,
        version,
        expectedVersion,
        reason,
        requestedBy,
        submittedAt,
        source,
        alreadyWithdrawn);
  }

  /** What it did, who asked and why, for a person. */
  String told(String what) {
    return "%s by %s: %s".formatted(what, Names.forMessage(requestedBy), reason);
  }
}
